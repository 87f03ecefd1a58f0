package harden

// Connections is how many connections the server counts, and Leaving how many were evicted and
// have not ended.
func (s *Server) Connections() int {
	s.doors.table.mu.Lock()
	defer s.doors.table.mu.Unlock()
	return s.doors.table.count
}

func (s *Server) Leaving() int { return int(s.doors.left.Load()) }

const Silence = silence
