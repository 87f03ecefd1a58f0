// Package keyfile reads small files that decide who gets in, and notices when they change.
package keyfile

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A File is looked at by the requests that need it, one of them at a time and at most once per interval,
// so that it needs no goroutine. It is safe for concurrent use once opened.
type File struct {
	path     string
	max      int64
	interval time.Duration

	next    atomic.Int64 // when to look again, Unix nanoseconds
	mu      sync.Mutex   // held by the one that looks
	modTime time.Time
	size    int64
}

// Open returns a File of at most max bytes, whose content must be read with the first Poll.
func Open(path string, max int64, interval time.Duration) *File {
	return &File{path: path, max: max, interval: interval, size: -1}
}

// Path returns the file's path.
func (f *File) Path() string { return f.path }

// Poll calls use with the file's content if it is time to look and the file has changed since use last
// succeeded, and with nil if it has not changed. It returns the error of the file or of use. A file is
// known to have changed by its time or its size.
func (f *File) Poll(now time.Time, use func(text []byte) error) error {
	if now.UnixNano() < f.next.Load() || !f.mu.TryLock() {
		return nil
	}
	defer f.mu.Unlock()
	f.next.Store(now.Add(f.interval).UnixNano())
	// Before opening: to open a named pipe waits for its writer.
	info, err := os.Stat(f.path)
	if err == nil {
		err = f.check(info)
	}
	if err != nil {
		return err
	}
	if info.Size() == f.size && info.ModTime().Equal(f.modTime) {
		return use(nil)
	}
	text, info, err := f.read()
	if err != nil {
		return err
	}
	if err := use(text); err != nil {
		return err
	}
	f.modTime, f.size = info.ModTime(), info.Size()
	return nil
}

func (f *File) read() ([]byte, os.FileInfo, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat() // of what was opened, which may no longer be what was looked at
	if err == nil {
		err = f.check(info)
	}
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, f.max+1))
	if err == nil && int64(len(text)) > f.max {
		err = fmt.Errorf("%s: more than %d bytes", f.path, f.max)
	}
	if text == nil {
		text = []byte{}
	}
	return text, info, err
}

func (f *File) check(info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", f.path)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%s: everyone may write it, and so choose who gets in; chmod o-w", f.path)
	}
	return nil
}
