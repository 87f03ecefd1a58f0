package jwt

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// File takes keys from a file, as [FileSource] does with its defaults.
func File(path string) KeySource { return FileSource{Path: path} }

// FileSource takes keys from a file in any form that [Inline] knows, at most 1 MiB.
//
// [New] fails if the file cannot be read, holds a key that cannot be used (a private one
// included), is not a regular file, or may be written by everyone. Later one of the requests looks at the file
// again, at most once per Interval, and reads it if it is another one or if its time or size changed. The content
// is compared once a minute in any case. If that fails, [Policy.Report] is told and the last good keys
// stay in force for Keep; then every token is refused as unavailable.
type FileSource struct {
	Path string
	// Interval is the least time between two looks; 0 means 10 seconds.
	Interval time.Duration
	// Keep is how long keys stay in force that could not be confirmed; 0 means [Policy].KeepKeys, which is 6 hours unless it is set.
	Keep time.Duration
}

const (
	defaultLook = 10 * time.Second
	defaultKeep = 6 * time.Hour
)

func (s FileSource) open(o opening) (ring, error) {
	if s.Path == "" {
		return nil, errors.New("jwt: the key file has no path")
	}
	if s.Interval < 0 || s.Keep < 0 {
		return nil, fmt.Errorf("jwt: key file %s: a negative interval", s.Path)
	}
	if s.Interval == 0 {
		s.Interval = defaultLook
	}
	if s.Keep == 0 {
		s.Keep = o.keep
	}
	f := &fileRing{file: keyfile.Open(s.Path, maxKeyText, s.Interval), opening: o}
	f.keep = s.Keep
	if err := f.look(o.clock()); err != nil {
		return nil, err
	}
	return f, nil
}

type fileRing struct {
	kept
	file    *keyfile.File
	opening opening
	failed  atomic.Int64 // when the last look failed, Unix nanoseconds; 0 where it did not
}

func (f *fileRing) current(now time.Time) (*keySet, error) {
	if err := f.look(now); err != nil {
		f.opening.report(err)
	}
	return f.kept.current(now)
}

// missing looks at the file again, ahead of time. Where the file cannot be read, nobody knows whether
// it has the key by now; it is not read again for a second.
func (f *fileRing) missing(context.Context, remember.Mark, func(*keySet) bool) (*keySet, error) {
	now := f.opening.clock()
	if failed := f.failed.Load(); failed == 0 || now.UnixNano()-failed >= int64(time.Second) {
		_ = f.check(now, f.file.Recheck) // the regular looks report it
	}
	set, err := f.kept.current(now)
	if err == nil && f.failed.Load() != 0 {
		err = &auth.Unavailable{Rule: ruleUnjudged, RetryAfter: time.Second, Unverified: true, Issuer: f.opening.issuer}
	}
	return set, err
}

func (f *fileRing) close() {}

// look reads the file if it is time and it changed.
func (f *fileRing) look(now time.Time) error { return f.check(now, f.file.Poll) }

func (f *fileRing) check(now time.Time, poll func(time.Time, func([]byte) error) error) error {
	err := poll(now, func(text []byte) error {
		if text == nil {
			f.good.Store(now.UnixNano())
		} else {
			set, err := parseKeys(text, f.opening.algorithms, f.opening.svid)
			if err != nil {
				return fmt.Errorf("%s: %w", f.file.Path(), err)
			}
			f.confirm(set, now)
		}
		f.failed.Store(0)
		return nil
	})
	if err != nil {
		f.failed.Store(now.UnixNano())
		return fmt.Errorf("jwt: key file: %w", err)
	}
	return nil
}
