package gen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

const (
	// spoolFrom is the length from which a file is not kept in memory.
	spoolFrom = 64 << 10
	// spoolRoom is what the files of one request may take in memory together.
	spoolRoom = 16 * spoolFrom
	// usualSpool is what the spooled files of all requests may take together.
	usualSpool = 1 << 30
)

var errSpool = errors.New("runtime: a file cannot be spooled")

// spools prepares the folder, where some operation needs one.
func (b *Builder) spools(s *Server) {
	s.spoolDir = cmp.Or(b.setup.Config.SpoolDir, os.TempDir())
	for _, m := range b.ops {
		if !slices.ContainsFunc(m.op.Consumes, func(c string) bool { return newMedia(c).parts }) {
			continue
		}
		if info, err := os.Stat(s.spoolDir); err != nil || !info.IsDir() {
			b.fail("Config.SpoolDir: %q is no folder that files can be spooled to", s.spoolDir)
		}
		return
	}
}

// spool holds the files of one request, all of them in one temporary file.
type spool struct {
	dir  string
	hold *inflight.Hold // of the request
	file *os.File
	path string // to be removed, where that could not be done at once
	size int64
	held int64 // in memory
}

// keep stores what r has, at most most bytes unless that is negative: what is short in memory,
// as long as there is room.
func (s *spool) keep(r io.Reader, most int64) (*io.SectionReader, error) {
	if most >= 0 {
		r = io.LimitReader(r, most+1)
	}
	var head bytes.Buffer
	room := min(spoolFrom, spoolRoom-s.held)
	if err := s.hold.Charge(inflight.Memory, 2*room); err != nil {
		return nil, err
	}
	var inMemoryBytes int64
	defer func() { s.hold.Release(inflight.Memory, 2*room-inMemoryBytes) }()
	n, err := io.Copy(&head, io.LimitReader(r, room+1))
	if err != nil {
		return nil, err
	}
	if most >= 0 && n > most {
		return nil, errTooLarge
	}
	if n <= room {
		s.held += n
		inMemoryBytes = min(int64(head.Cap()), 2*room)
		return io.NewSectionReader(bytes.NewReader(head.Bytes()), 0, int64(head.Len())), nil
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	from := s.size
	if _, err := s.Write(head.Bytes()); err != nil {
		return nil, err
	}
	rest, err := io.Copy(s, r)
	if err != nil {
		return nil, err
	}
	if most >= 0 && n+rest > most {
		return nil, errTooLarge
	}
	return io.NewSectionReader(s.file, from, n+rest), nil
}

// open makes the temporary file. Its name is taken away at once where the system can do that:
// then nobody finds it, and nothing of it outlives the process.
func (s *spool) open() error {
	if s.file != nil {
		return nil
	}
	f, err := os.CreateTemp(s.dir, "bailey-") // mode 0600
	if err != nil {
		return fmt.Errorf("%w: %w", errSpool, err)
	}
	s.file = f
	if os.Remove(f.Name()) != nil {
		s.path = f.Name()
	}
	return nil
}

// Write appends to the file, within what all requests may take together.
func (s *spool) Write(b []byte) (int, error) {
	if err := s.hold.Charge(inflight.Disk, int64(len(b))); err != nil {
		return 0, err
	}
	s.size += int64(len(b))
	n, err := s.file.Write(b)
	if err != nil {
		err = fmt.Errorf("%w: %w", errSpool, err)
	}
	return n, err
}

// free removes the files of the request.
func (s *spool) free() {
	if s.file == nil {
		return
	}
	s.file.Close()
	if s.path != "" {
		os.Remove(s.path)
	}
	s.file = nil
	s.hold.Release(inflight.Disk, s.size)
}
