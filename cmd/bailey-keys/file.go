package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// file is keys in a file. Writers exclude each other by a lock on a file beside it, which stays; readers see the old content or the new one.
type file struct {
	path    string
	timeout time.Duration
}

// edit replaces the file by one with the changed keys, under the lock.
func (f *file) edit(ctx context.Context, change func([]apikey.Key) ([]apikey.Key, error)) error {
	path := f.path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // the link stays
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	if ok, err := lock.TryLockContext(ctx, 20*time.Millisecond); !ok {
		return fmt.Errorf("%s.lock: another command holds the lock: %w", path, err)
	}
	defer lock.Unlock()
	keys, info, err := read(path)
	if err != nil {
		return err
	}
	if keys, err = change(keys); err != nil {
		return err
	}
	text, err := apikey.FormatFile(keys)
	if err != nil {
		return err
	}
	return replace(path, text, info)
}

// read returns the keys of a file that may be missing, and the information of the file system about it.
func read(path string) ([]apikey.Key, os.FileInfo, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	keys, err := apikey.ReadFile(path)
	return keys, info, err
}

// replace writes a file beside the one at path and renames it: for its owner alone, unless a file of before let its group read it. The owner and the group of
// before stay, or the change fails: a server that could not read the file any more would refuse all keys.
func replace(path string, text []byte, before os.FileInfo) (err error) {
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			next.Close()
			os.Remove(next.Name())
		}
	}()
	if before != nil {
		if err := keepOwner(next, before); err != nil {
			return fmt.Errorf("the owner of %s cannot be kept: %w", path, err)
		}
		if err := next.Chmod(before.Mode().Perm()&0o040 | 0o600); err != nil {
			return err
		}
	}
	if _, err := next.Write(text); err != nil {
		return err
	}
	if err := next.Sync(); err != nil {
		return err
	}
	if err := next.Close(); err != nil {
		return err
	}
	if err := os.Rename(next.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// Add implements store.
func (f *file) Add(ctx context.Context, keys ...apikey.Key) error {
	return f.edit(ctx, func(old []apikey.Key) ([]apikey.Key, error) { return append(old, keys...), nil })
}

// Revoke implements store.
func (f *file) Revoke(ctx context.Context, id string) error {
	return f.edit(ctx, func(keys []apikey.Key) ([]apikey.Key, error) {
		k := find(keys, id)
		if k == nil {
			return nil, fmt.Errorf("there is no key %s", id)
		}
		k.Revoked = true
		return keys, nil
	})
}

// Rotate implements store.
func (f *file) Rotate(ctx context.Context, id string, until time.Time, next func(apikey.Key) (apikey.Key, error)) error {
	return f.edit(ctx, func(keys []apikey.Key) ([]apikey.Key, error) {
		k := find(keys, id)
		if k == nil || k.Revoked {
			return nil, fmt.Errorf("there is no key %s that is good", id)
		}
		made, err := next(*k)
		if err != nil {
			return nil, err
		}
		if k.Expires.IsZero() || k.Expires.After(until) {
			k.Expires = until
		}
		return append(keys, made), nil
	})
}

// List implements store.
func (f *file) List(context.Context) ([]apikey.Key, error) { return apikey.ReadFile(f.path) }

func find(keys []apikey.Key, id string) *apikey.Key {
	i := slices.IndexFunc(keys, func(k apikey.Key) bool { return k.ID == id })
	if i < 0 {
		return nil
	}
	return &keys[i]
}
