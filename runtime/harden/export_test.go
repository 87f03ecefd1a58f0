package harden

import "time"

// Connections is how many connections the server counts, and Leaving how many were evicted and
// have not ended.
func (s *Server) Connections() int {
	s.doors.table.mu.Lock()
	defer s.doors.table.mu.Unlock()
	return s.doors.table.count
}

func (s *Server) Leaving() int { return int(s.doors.left.Load()) }

const Silence = silence

// SetLease sets how long one turn of a handshake lasts at most.
func (s *Server) SetLease(d time.Duration) { s.doors.turns.lease = d }

// Turns is how many handshakes compute, and how many clients have some that wait.
func (s *Server) Turns() (held, waiting int) {
	t := s.doors.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held, len(t.lines)
}
