package keyfile

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrStale says that a file could not be confirmed for longer than what it said may be kept.
var ErrStale = errors.New("the file could not be read for too long")

// A Live is what a file says, read again by one of the requests that ask when the file has changed. A file
// that cannot be read or parsed leaves what was read last in force, for a while. It is safe for concurrent use.
type Live[T any] struct {
	file   *File
	parse  func(text []byte) (T, error)
	keep   time.Duration
	value  atomic.Pointer[T]
	good   atomic.Int64 // when last confirmed, Unix nanoseconds
	report atomic.Pointer[func(error)]
}

// The defaults of [LiveConfig].
const (
	defaultInterval = 10 * time.Second
	defaultKeep     = time.Hour
)

// LiveConfig says how a file is read.
type LiveConfig struct {
	Path     string
	Max      int64         // bytes
	Interval time.Duration // least time between two looks; 0 means 10 seconds
	Keep     time.Duration // how long what was read stays in force unconfirmed; 0 means 1 hour
}

// OpenLive reads the file, or says why it cannot be used.
func OpenLive[T any](c LiveConfig, now time.Time, parse func(text []byte) (T, error)) (*Live[T], error) {
	if c.Path == "" || c.Interval < 0 || c.Keep < 0 {
		return nil, errors.New("a file needs a path, and intervals that are not negative")
	}
	if c.Interval == 0 {
		c.Interval = defaultInterval
	}
	if c.Keep == 0 {
		c.Keep = defaultKeep
	}
	l := &Live[T]{file: Open(c.Path, c.Max, c.Interval), parse: parse, keep: c.Keep}
	if err := l.look(now); err != nil {
		return nil, err
	}
	return l, nil
}

// ReportTo has f told of each failure to read the file again. It must not block.
func (l *Live[T]) ReportTo(f func(error)) { l.report.Store(&f) }

// Get returns what the file says, or [ErrStale].
func (l *Live[T]) Get(now time.Time) (*T, error) {
	if err := l.look(now); err != nil {
		if f := l.report.Load(); f != nil && *f != nil {
			(*f)(err)
		}
	}
	if now.UnixNano()-l.good.Load() > int64(l.keep) {
		return nil, ErrStale
	}
	return l.value.Load(), nil
}

func (l *Live[T]) look(now time.Time) error {
	return l.file.Poll(now, func(text []byte) error {
		if text != nil {
			v, err := l.parse(text)
			if err != nil {
				return fmt.Errorf("%s: %w", l.file.Path(), err)
			}
			l.value.Store(&v)
		}
		l.good.Store(now.UnixNano())
		return nil
	})
}
