package generator

import (
	"fmt"
	"os"
	"strings"
)

// pathStyle is how a path is written.
type pathStyle uint8

const (
	plainPath     pathStyle = iota // relative: a/b
	rootedPath                     // from the root of the system or, on Windows, of the current drive: /a, \a
	drivePath                      // with a drive: C:\a, C:/a
	driveRelative                  // from the current folder of a drive: C:a
	sharePath                      // of another machine, or of a device: \\server\share, //server/share, \\?\C:\a
	urlPath                        // a URL: file:///a, https://host/a
)

// styleOf tells how a path is written, whatever the system is.
func styleOf(s string) pathStyle {
	slash := func(i int) bool { return i < len(s) && (s[i] == '/' || s[i] == '\\') }
	colon := strings.IndexByte(s, ':')
	switch {
	case slash(0) && slash(1) && len(s) > 2:
		return sharePath
	case slash(0):
		return rootedPath
	case colon == 1 && isLetter(s[0]):
		if slash(2) {
			return drivePath
		}
		return driveRelative
	case colon > 1 && isLetter(s[0]) && (strings.HasPrefix(s[colon:], "://") || strings.EqualFold(s[:colon], "file")):
		return urlPath
	}
	return plainPath
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// wrongPath says why a path of the configuration or the command line cannot be meant for the
// system goos, or "". there reports whether something has that name: a file of Linux may be
// called C:\a.
func wrongPath(goos, s string, there func(string) bool) string {
	style := styleOf(s)
	windows := goos == "windows"
	switch {
	case style == urlPath:
		return "is a URL: bailey reads and writes files only, so name a path; a document of another machine has to be fetched first"
	case style == driveRelative && windows:
		return "is relative to the current folder of a drive: write a path with a slash behind the drive, or one relative to the file that names it"
	case windows || there(s):
	case style == drivePath, style == driveRelative, style == sharePath && s[0] == '\\':
		return fmt.Sprintf("is a path of Windows, and this is %s: write a relative path, which holds on both", goos)
	case strings.ContainsRune(s, '\\'):
		return fmt.Sprintf(`has a backslash, which is a part of a name on %s: write / between folders, which holds on Windows as well`, goos)
	}
	return ""
}

// exists reports whether something has the name of a path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// beside is a path that a file in the folder dir names: relative to that folder, unless the path says
// where it begins. join puts the two together as the system does.
func beside(dir, s string, join func(dir, s string) string) string {
	if styleOf(s) != plainPath {
		return s // wrongPath refuses those of other systems
	}
	return join(dir, s)
}
