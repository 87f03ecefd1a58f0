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
	var pages []string
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../docs/howto/*.md", "../examples/*.md", "../examples/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("no page matches %s", pattern)
		}
		pages = append(pages, found...)
	}
	links, headings := 0, 0
	for _, page := range pages {
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

// TestIndex holds docs/README.md, docs/howto/README.md and examples/README.md to what there is beside them.
func TestIndex(t *testing.T) {
	for index, c := range map[string]struct {
		pages string
		least int
	}{
		"../docs/README.md":       {"../docs/*.md", 5},
		"../docs/howto/README.md": {"../docs/howto/*.md", 0},
		"../examples/README.md":   {"../examples/*/README.md", 5},
	} {
		text := prose(t, index)
		pages, err := filepath.Glob(c.pages)
		if err != nil {
			t.Fatal(err)
		}
		listed := 0
		for _, page := range pages {
			if page == index {
				continue
			}
			listed++
			name, err := filepath.Rel(filepath.Dir(index), page)
			if err != nil {
				t.Fatal(err)
			}
			name = strings.TrimSuffix(filepath.ToSlash(name), "/README.md")
			if !strings.Contains(text, "]("+name+")") {
				t.Errorf("%s does not list %s", index, name)
			}
		}
		if listed < c.least {
			t.Errorf("only %d pages match %s", listed, c.pages)
		}
	}
	examples, err := filepath.Glob("../examples/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range examples {
		if _, err := os.Stat(filepath.Join(filepath.Dir(main), "README.md")); err != nil {
			t.Errorf("an example without a README: %v", err)
		}
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
