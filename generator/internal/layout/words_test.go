package layout

import (
	"flag"
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateWords = flag.Bool("update-words", false, "lower the maxima of testdata/words.txt to what is counted now")

var (
	anyWord   = regexp.MustCompile(`[A-Za-z']+`)
	vague     = regexp.MustCompile(`(?i)\b(?:what|who|whom|whose|nobody|somebody)\b`)
	codeFence = regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]*`")
)

// goalOfWords is the most that a place without a line in testdata/words.txt may have.
const goalOfWords = 2

// TestWords counts words that stand for a name (what, who, whom, whose, nobody, somebody) per 1000
// words of prose: comments of Go code other than tests, templates, and pages. A sentence that names
// its actor (client, server, handler, generator) needs none. testdata/words.txt has the maximum of
// each place: it may only fall. To lower it after a mend:
//
//	go test ./generator/internal/layout -run TestWords -update-words
func TestWords(t *testing.T) {
	got := proseOf(t)
	if len(got) < 60 {
		t.Fatalf("only %d places with prose were found", len(got))
	}
	file := filepath.Join("testdata", "words.txt")
	most := wordsTable(t, file)
	for place := range most {
		if got[place] == nil {
			t.Errorf("%s: %s has no prose any more; remove its line", file, place)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(got)) {
		count, limit := got[place], goalOfWords
		if n, listed := most[place]; listed {
			limit = n
		}
		if count.vague*1000 > limit*max(count.words, 500) { // one word in a short text is no habit
			t.Errorf("%s has %d of what, who, whom, whose, nobody and somebody in %d words, more than %d per 1000; name the actor instead (CONTRIBUTING.md, Language). The last one: %s",
				place, count.vague, count.words, limit, count.last)
		}
	}
	if !*updateWords {
		return
	}
	var out strings.Builder
	out.WriteString("# Most of: what who whom whose nobody somebody per 1000 words. See TestWords.\n")
	for _, place := range slices.Sorted(maps.Keys(most)) {
		if count := got[place]; count != nil {
			// Rounded up to a whole number.
			if now := min(most[place], (count.vague*1000+count.words-1)/max(count.words, 1)); now > goalOfWords {
				fmt.Fprintf(&out, "%s %d\n", place, now)
			}
		}
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

type wordCount struct {
	words, vague int
	last         string // the line of the last vague word
}

func (c *wordCount) add(place, text string) {
	for line := range strings.Lines(text) {
		c.words += len(anyWord.FindAllString(line, -1))
		if n := len(vague.FindAllString(line, -1)); n > 0 {
			c.vague += n
			c.last = place + ": " + strings.TrimSpace(line)
		}
	}
}

// proseOf counts each folder of Go code, the folder of templates, and each page.
func proseOf(t *testing.T) map[string]*wordCount {
	t.Helper()
	top := root(t)
	found := map[string]*wordCount{}
	count := func(place, name, text string) {
		if found[place] == nil {
			found[place] = new(wordCount)
		}
		found[place].add(name, text)
	}
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && rel != "." {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(rel, "_test.go"), strings.HasSuffix(rel, ".gen.go"):
		case strings.HasSuffix(rel, ".go"):
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			count(filepath.ToSlash(filepath.Dir(rel)), rel, commentsOf(text))
		case strings.HasSuffix(rel, ".tmpl"):
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			count(filepath.ToSlash(filepath.Dir(rel)), rel, string(text))
		case strings.HasSuffix(rel, ".md"):
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			count(rel, rel, codeFence.ReplaceAllString(string(text), ""))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// commentsOf is the text of a file's comments.
func commentsOf(source []byte) string {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(source)), source, nil, scanner.ScanComments)
	var out strings.Builder
	for {
		_, tok, text := s.Scan()
		switch tok {
		case token.EOF:
			return out.String()
		case token.COMMENT:
			out.WriteString(text + "\n")
		}
	}
}

// wordsTable reads the maxima.
func wordsTable(t *testing.T, file string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]int{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var place string
		var n int
		if _, err := fmt.Sscanf(line, "%s %d", &place, &n); err != nil {
			t.Fatalf("%s: %q: %v", file, line, err)
		}
		if _, twice := most[place]; twice || n <= goalOfWords {
			t.Errorf("%s: %s stands there twice, or with no more than the goal", file, place)
		}
		most[place] = n
	}
	return most
}

// TestCommentsOf tells comments from strings.
func TestCommentsOf(t *testing.T) {
	got := commentsOf([]byte("package p // who\n\nvar s = \"// what\" /* whose\nnobody */\n"))
	if want := "// who\n/* whose\nnobody */\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var c wordCount
	c.add("p", got)
	if c.words != 3 || c.vague != 3 {
		t.Errorf("%d words, %d of them vague, want 3 and 3", c.words, c.vague)
	}
}
