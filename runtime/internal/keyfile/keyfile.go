// Package keyfile reads small files that decide who gets in, and notices when they change.
package keyfile

import (
	"bytes"
	"crypto/sha256"
	"errors"
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

	next     atomic.Int64 // when to look again, Unix nanoseconds
	mu       sync.Mutex   // held by the one that looks, and guards the rest
	info     os.FileInfo  // of the file whose content was taken last; nil before
	digest   [sha256.Size]byte
	compared time.Time // when the content was last compared with digest
}

// compareEvery is how long a change of content can stay unnoticed that leaves the file, its size
// and its modification time as they were: cp -p, rsync -t, a restored backup.
const compareEvery = time.Minute

// Open returns a File of at most max bytes, whose content must be read with the first Poll.
func Open(path string, max int64, interval time.Duration) *File {
	return &File{path: path, max: max, interval: interval}
}

// Interval returns the least time between two looks.
func (f *File) Interval() time.Duration { return f.interval }

// Path returns the file's path.
func (f *File) Path() string { return f.path }

// Poll calls use with the file's content if it is time to look and the content has changed since
// use last succeeded, and with nil if it has not changed. It returns the error of the file or of
// use.
//
// A file may have changed where another one has its path, or where its size or modification time
// differs. Those can all stay the same, and so the content itself is compared at least once a
// minute, by its SHA-256.
func (f *File) Poll(now time.Time, use func(text []byte) error) error {
	// A clock that was set back does not stop the looking.
	if wait := f.next.Load() - now.UnixNano(); wait > 0 && wait <= int64(f.interval) || !f.mu.TryLock() {
		return nil
	}
	defer f.mu.Unlock()
	return f.look(now, use)
}

// Recheck is Poll at once, whether the interval has passed or not: where the file has not changed,
// that costs a look into the directory. It waits for a look that is under way.
func (f *File) Recheck(now time.Time, use func(text []byte) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.look(now, use)
}

func (f *File) look(now time.Time, use func(text []byte) error) error {
	f.next.Store(now.Add(f.interval).UnixNano())
	info, err := stat(f.path)
	if err != nil {
		return err
	}
	if age := now.Sub(f.compared); f.sameFile(info) && age >= 0 && age < compareEvery {
		return use(nil)
	}
	text, info, err := read(f.path, f.max)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(text)
	if f.info == nil || digest != f.digest {
		if err := use(text); err != nil {
			return err
		}
	} else if err := use(nil); err != nil {
		return err
	}
	f.info, f.digest, f.compared = info, digest, now
	return nil
}

// sameFile reports whether info is that of the file whose content was taken last, as far as it tells.
func (f *File) sameFile(info os.FileInfo) bool {
	return f.info != nil && os.SameFile(info, f.info) && info.Size() == f.info.Size() && info.ModTime().Equal(f.info.ModTime())
}

// ErrChanging says that a file was written to while it was read. It is read again at the next look.
var ErrChanging = errors.New("the file was written to while it was read; replace it by renaming another one")

// Read returns the content of a file of at most max bytes, which must be a regular one that not everyone may write, or
// [ErrChanging].
func Read(path string, max int64) ([]byte, error) {
	if _, err := stat(path); err != nil {
		return nil, err
	}
	text, _, err := read(path, max)
	return text, err
}

// stat looks at a file before it is opened, since opening a named pipe waits for its writer.
func stat(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return info, check(path, info)
}

// read returns the content of the file and what the file system says of it. It refuses content that
// may be half of what it is going to be.
func read(path string, max int64) ([]byte, os.FileInfo, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat() // of what was opened, which may no longer be what was looked at
	if err == nil {
		err = check(path, info)
	}
	if err != nil {
		return nil, nil, err
	}
	room := bytes.NewBuffer(make([]byte, 0, min(info.Size(), max)+bytes.MinRead)) // enough for all of it
	if _, err := room.ReadFrom(io.LimitReader(file, max+1)); err != nil {
		return nil, nil, err
	}
	text := room.Bytes()
	if int64(len(text)) > max {
		return nil, nil, fmt.Errorf("%s: more than %d bytes", path, max)
	}
	after, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	whole := after.Size() == int64(len(text)) || after.Size() == 0 // some file systems do not tell
	if !whole || after.Size() != info.Size() || !after.ModTime().Equal(info.ModTime()) {
		return nil, nil, fmt.Errorf("%s: %w", path, ErrChanging)
	}
	return text, info, nil
}

func check(path string, info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", path)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%s: everyone may write it, and so choose who gets in; chmod o-w", path)
	}
	return nil
}
