package generator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	markdownLink  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	markdownFence = regexp.MustCompile("(?ms)^```.*?^```$")
)

// TestLinks follows the links between the pages of the project, headings included.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	links, headings := 0, 0
	for _, page := range append(pages, docs...) {
		for _, m := range markdownLink.FindAllStringSubmatch(prose(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			links++
			name, heading, _ := strings.Cut(m[1], "#")
			target := page
			if name != "" {
				target = filepath.Join(filepath.Dir(page), filepath.FromSlash(name))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page, m[1])
			} else if heading != "" {
				headings++
				if !slices.Contains(anchors(t, target), heading) {
					t.Errorf("%s: the link %s leads to no heading", page, m[1])
				}
			}
		}
	}
	if links < 30 || headings < 15 {
		t.Errorf("only %d links were found, %d of them to headings", links, headings)
	}
}

// prose is a page without its blocks of code.
func prose(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return markdownFence.ReplaceAllString(string(text), "")
}

// anchors are the names of a page's headings as GitHub makes them: a word's characters in
// small letters, hyphens for blanks.
func anchors(t *testing.T, page string) (names []string) {
	t.Helper()
	for line := range strings.Lines(prose(t, page)) {
		title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
		if !ok || !strings.HasPrefix(line, "#") {
			continue
		}
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(title)))
	}
	return names
}

// TestVocabularyInReadme holds README's list of keys to the table of docs/policy.md.
func TestVocabularyInReadme(t *testing.T) {
	_, list, found := strings.Cut(prose(t, "../README.md"), "[The vocabulary](docs/policy.md)")
	list, _, ends := strings.Cut(list, "[The others]")
	if !found || !ends {
		t.Fatal("README has no list of keys")
	}
	var got, want []string
	for _, m := range regexp.MustCompile("`(?:x-bailey)?-([a-z-]+)`").FindAllStringSubmatch(list, -1) {
		got = append(got, m[1])
	}
	for _, m := range regexp.MustCompile("(?m)^\\| \\[`x-bailey-([a-z-]+)`\\]").FindAllStringSubmatch(prose(t, "../docs/policy.md"), -1) {
		want = append(want, m[1])
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("README lists\n %v, docs/policy.md\n %v", got, want)
	}
}
