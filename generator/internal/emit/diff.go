package emit

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Diff compares what the folder dir holds with files, and returns "" when Write would
// change nothing, else a unified diff from the one to the other, sorted by name. Files
// that are missing are shown as added, generated files of an earlier run that files
// does not name as removed. The folder is only read; it may be missing.
//
// What Write refuses to replace is an error here too.
func Diff(dir string, files []File) (string, error) {
	if err := checkFiles(files); err != nil {
		return "", err
	}
	old, err := readFolder(dir, files)
	if err != nil {
		return "", err
	}
	want := make(map[string][]byte, len(files))
	for _, f := range files {
		want[f.Name] = f.Content
	}
	names := slices.Sorted(maps.Keys(want))
	for name := range old {
		if _, ok := want[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		path := filepath.ToSlash(filepath.Join(dir, name))
		from, to := path+"\tcommitted", path+"\tgenerated"
		if _, ok := old[name]; !ok {
			from = "/dev/null"
		}
		if _, ok := want[name]; !ok {
			to = "/dev/null"
		}
		// Git for Windows checks files out with CRLF, which says the same to Go.
		unified(&b, from, to, strings.ReplaceAll(string(old[name]), "\r\n", "\n"), string(want[name]))
	}
	return b.String(), nil
}

// readFolder is committed for a folder that may not exist yet.
func readFolder(dir string, files []File) (map[string][]byte, error) {
	root, err := openFolder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return committed(root, dir, files)
}

// context is the number of unchanged lines around a change.
const context = 3

// unified prints a unified diff from a to b, and nothing where they are equal.
func unified(w *strings.Builder, from, to, a, b string) {
	if a == b {
		return
	}
	fmt.Fprintf(w, "--- %s\n+++ %s\n", from, to)
	x, y := lines(a), lines(b)
	runs := matching(x, y)
	// runs[0] begins at the top and the last one ends at the bottom, each perhaps
	// empty: a change is what lies between two runs.
	for i := 1; i < len(runs); {
		first := i
		for i++; i < len(runs) && runs[i-1].n <= 2*context; i++ {
		}
		before, after := runs[first-1], runs[i-1]
		lead, trail := min(before.n, context), min(after.n, context)
		x0, y0 := before.x+before.n-lead, before.y+before.n-lead
		fmt.Fprintf(w, "@@ -%s +%s @@\n", span(x0, after.x+trail), span(y0, after.y+trail))
		printLines(w, ' ', x[x0:x0+lead])
		for j := first; j < i; j++ {
			prev, next := runs[j-1], runs[j]
			printLines(w, '-', x[prev.x+prev.n:next.x])
			printLines(w, '+', y[prev.y+prev.n:next.y])
			same := next.n
			if j == i-1 {
				same = trail
			}
			printLines(w, ' ', x[next.x:next.x+same])
		}
	}
}

// span prints the lines [from, to) as a hunk's header wants them: counted from 1, and
// from the line before where there are none.
func span(from, to int) string {
	switch n := to - from; n {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprintf("%d", from+1)
	default:
		return fmt.Sprintf("%d,%d", from+1, n)
	}
}

func printLines(w *strings.Builder, sign byte, text []string) {
	for _, line := range text {
		w.WriteByte(sign)
		w.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			w.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// lines splits after each newline.
func lines(s string) []string {
	all := strings.SplitAfter(s, "\n")
	if all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

// run is a stretch of equal lines: x[run.x:run.x+n] equals y[run.y:run.y+n].
type run struct{ x, y, n int }

// matching returns runs of equal lines in ascending order. It anchors on lines that
// occur once on each side and grows from there, so that it takes n log n steps however
// repetitive the text is; a shortest edit script takes the square of that.
func matching(x, y []string) []run {
	anchors := append([]run{{}}, commonUnique(x, y)...)
	anchors = append(anchors, run{x: len(x), y: len(y)})
	var runs []run
	doneX, doneY := 0, 0
	for i, a := range anchors {
		if i > 0 && (a.x < doneX || doneX == len(x) && doneY == len(y)) {
			continue // the run before grew over it
		}
		start, end := a, a
		for start.x > doneX && start.y > doneY && x[start.x-1] == y[start.y-1] {
			start.x, start.y = start.x-1, start.y-1
		}
		for end.x < len(x) && end.y < len(y) && x[end.x] == y[end.y] {
			end.x, end.y = end.x+1, end.y+1
		}
		runs = append(runs, run{start.x, start.y, end.x - start.x})
		doneX, doneY = end.x, end.y
	}
	return runs
}

// commonUnique returns the longest ascending sequence of lines that occur exactly
// once in x and exactly once in y.
func commonUnique(x, y []string) []run {
	type seen struct{ nx, ny, x, y int }
	count := make(map[string]*seen, len(x))
	for i, line := range x {
		s := count[line]
		if s == nil {
			s = &seen{}
			count[line] = s
		}
		s.nx, s.x = s.nx+1, i
	}
	for i, line := range y {
		if s := count[line]; s != nil {
			s.ny, s.y = s.ny+1, i
		}
	}
	var pairs []run
	for i, line := range x {
		if s := count[line]; s.nx == 1 && s.ny == 1 {
			pairs = append(pairs, run{x: i, y: s.y})
		}
	}
	return ascending(pairs)
}

// ascending returns a longest subsequence of pairs with ascending y.
func ascending(pairs []run) []run {
	var tails []int // tails[k]: the pair with the lowest y that ends a sequence of length k+1
	prev := make([]int, len(pairs))
	for i, p := range pairs {
		k, _ := slices.BinarySearchFunc(tails, p.y, func(t, y int) int { return pairs[t].y - y })
		if k > 0 {
			prev[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	out := make([]run, len(tails))
	if len(tails) > 0 {
		for i, k := tails[len(tails)-1], len(tails)-1; k >= 0; i, k = prev[i], k-1 {
			out[k] = pairs[i]
		}
	}
	return out
}
