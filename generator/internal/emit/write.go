package emit

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// fileMode is what generated files are made with, whatever the umask says: they are
// source code, to be read by whoever reads the sources beside them.
const fileMode fs.FileMode = 0o644

// Write makes the folder dir hold files: all of them, or, when it returns an error,
// none. The folder is made when it is missing.
//
// Everything is written beside its destination and synced before the first file
// takes its name; a failure after that puts back what was there. Files that already
// hold the right bytes are left alone. Generated files of an earlier run that files
// does not name any more are removed.
//
// A file of one of the names that does not begin with Header is not overwritten, and
// neither a symbolic link nor anything else that is not a regular file is: each is an
// error that names it, as is a folder that is a symbolic link. Two concurrent calls for
// one folder never mix the content of one file, but the folder may end up with files of both.
func Write(dir string, files []File) error {
	return write(dir, files, (*os.Root).Rename)
}

// write is Write with the step that can be made to fail by a test.
func write(dir string, files []File, rename func(*os.Root, string, string) error) error {
	if err := checkFiles(files); err != nil {
		return err
	}
	made, err := makeFolder(dir)
	if err != nil {
		removeFolders(made)
		return err
	}
	root, err := openFolder(dir)
	if err != nil {
		removeFolders(made)
		return err
	}
	defer root.Close()
	c := &change{root: root, dir: dir, rename: rename}
	if err := c.apply(files); err != nil {
		if undone := c.undo(); undone != nil {
			err = fmt.Errorf("%w (and not everything could be put back: %v)", err, undone)
		}
		c.discard()
		removeFolders(made)
		return err
	}
	c.discard()
	// The files are in place; a file system that cannot sync a folder is no reason
	// to say that they are not.
	if d, err := root.Open("."); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

// makeFolder makes dir and the folders above it, and returns those that it made,
// innermost last.
func makeFolder(dir string) ([]string, error) {
	var missing []string
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Lstat(d); err == nil || d == filepath.Dir(d) {
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		missing = append(missing, d)
	}
	slices.Reverse(missing)
	for i, d := range missing {
		if err := os.Mkdir(d, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return missing[:i], err
		}
	}
	return missing, nil
}

// removeFolders takes back what makeFolder made. A folder in which somebody has put
// something meanwhile stays.
func removeFolders(made []string) {
	for _, d := range slices.Backward(made) {
		_ = os.Remove(d)
	}
}

// openFolder opens dir so that nothing below can lead out of it.
func openFolder(dir string) (*os.Root, error) {
	switch info, err := os.Lstat(filepath.Clean(dir)); {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("%s is a symbolic link: name the folder itself", dir)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder", dir)
	}
	return os.OpenRoot(dir)
}

// change is the replacement of a folder's generated files, with what it takes to
// undo it.
type change struct {
	root   *os.Root
	dir    string
	rename func(*os.Root, string, string) error
	temps  []string       // files of ours that must not stay
	done   []func() error // how to undo the steps taken so far
}

// apply stages everything and then gives each file its name. On an error the caller
// undoes the change.
func (c *change) apply(files []File) error {
	old, err := committed(c.root, c.dir, files)
	if err != nil {
		return err
	}
	staged := map[string]string{}
	saved := map[string]string{}
	stage := func(name string, content []byte, into map[string]string) error {
		temp, err := c.stage(name, content)
		into[name] = temp
		return err
	}
	for _, f := range files {
		was, exists := old[f.Name]
		if exists && bytes.Equal(was, f.Content) {
			delete(old, f.Name)
			continue
		}
		if err := stage(f.Name, f.Content, staged); err != nil {
			return err
		}
	}
	// What is replaced or removed is copied before anything is touched: putting it
	// back then needs no space on a disk that may be what failed.
	for name, was := range old {
		if err := stage(name, was, saved); err != nil {
			return err
		}
	}
	for _, f := range files {
		temp, changed := staged[f.Name]
		if !changed {
			continue
		}
		if err := c.put(f.Name, temp, saved[f.Name]); err != nil {
			return err
		}
		delete(old, f.Name)
	}
	for name := range old {
		if err := c.remove(name, saved[name]); err != nil {
			return err
		}
	}
	return nil
}

// stage writes content to a new file beside its destination and syncs it.
func (c *change) stage(name string, content []byte) (string, error) {
	temp := "." + name + "." + rand.Text() + ".tmp"
	f, err := c.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", filepath.Join(c.dir, name), cause(err))
	}
	c.temps = append(c.temps, temp)
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(fileMode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", filepath.Join(c.dir, name), cause(err))
	}
	return temp, nil
}

// put gives the staged file temp its name. saved holds what was there, or is "".
func (c *change) put(name, temp, saved string) error {
	if err := c.rename(c.root, temp, name); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(c.dir, name), cause(err))
	}
	c.done = append(c.done, func() error {
		if saved == "" {
			return c.root.Remove(name)
		}
		return c.root.Rename(saved, name)
	})
	return nil
}

// remove takes away a file of an earlier run, of which saved is a copy.
func (c *change) remove(name, saved string) error {
	if err := c.root.Remove(name); err != nil {
		return fmt.Errorf("removing %s: %w", filepath.Join(c.dir, name), cause(err))
	}
	c.done = append(c.done, func() error { return c.root.Rename(saved, name) })
	return nil
}

// undo takes back the steps of apply, the last one first.
func (c *change) undo() error {
	var errs []error
	for _, back := range slices.Backward(c.done) {
		if err := back(); err != nil {
			errs = append(errs, cause(err))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs[0] // one line; the others have the same cause
}

// discard removes the staged files that have not become something else.
func (c *change) discard() {
	for _, temp := range c.temps {
		_ = c.root.Remove(temp)
	}
}

// cause drops the name of a temporary file from an error: the caller names the file
// that was meant.
func cause(err error) error {
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}

// committed reads what dir holds of ours: generated files of an earlier run, and
// whatever stands under the name of one of files, which must be ours too.
func committed(root *os.Root, dir string, files []File) (map[string][]byte, error) {
	wanted := make(map[string]bool, len(files))
	for _, f := range files {
		wanted[f.Name] = true
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, cause(err))
	}
	found := map[string][]byte{}
	for _, e := range entries {
		name := e.Name()
		if !wanted[name] && !generatedName(name) {
			continue
		}
		path := filepath.Join(dir, name)
		if !e.Type().IsRegular() {
			if wanted[name] {
				return nil, fmt.Errorf("%s is %s: not overwritten", path, kindOf(e.Type()))
			}
			continue
		}
		content, err := root.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, cause(err))
		}
		switch {
		case ours(content):
			found[name] = content
		case wanted[name]:
			return nil, fmt.Errorf("%s was not written by bailey: not overwritten; move it away or choose another folder", path)
		}
	}
	return found, nil
}

func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m.IsDir():
		return "a folder"
	}
	return "not a regular file"
}
