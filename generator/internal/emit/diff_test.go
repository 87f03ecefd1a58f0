package emit

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDiff(t *testing.T) {
	h := Header + "\n"
	numbers := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "%d\n", i)
		}
		return b.String()
	}
	tests := []struct {
		name      string
		committed map[string]string
		generated []File
		want      string
	}{
		{name: "nothing"},
		{
			name:      "equal, beside foreign files",
			committed: map[string]string{"a.gen.go": h + "x\n", "mine.go": "x", "theirs.gen.go": "x"},
			generated: []File{{"a.gen.go", []byte(h + "x\n")}},
		},
		{
			name:      "equal but for line ends of Windows",
			committed: map[string]string{"a.gen.go": strings.ReplaceAll(h+"x\ny\n", "\n", "\r\n")},
			generated: []File{{"a.gen.go", []byte(h + "x\ny\n")}},
		},
		{
			name:      "one line changed, and line ends of Windows",
			committed: map[string]string{"a.gen.go": strings.ReplaceAll(h+"x\ny\n", "\n", "\r\n")},
			generated: []File{{"a.gen.go", []byte(h + "x\nz\n")}},
			want:      "--- api/a.gen.go\tcommitted\n+++ api/a.gen.go\tgenerated\n@@ -1,3 +1,3 @@\n " + h + " x\n-y\n+z\n",
		},
		{
			name:      "missing",
			generated: []File{{"a.gen.go", []byte(h + "x\n")}},
			want:      "--- /dev/null\n+++ api/a.gen.go\tgenerated\n@@ -0,0 +1,2 @@\n+" + h + "+x\n",
		},
		{
			name:      "extra",
			committed: map[string]string{"a.gen.go": h},
			want:      "--- api/a.gen.go\tcommitted\n+++ /dev/null\n@@ -1 +0,0 @@\n-" + h,
		},
		{
			name:      "one line changed",
			committed: map[string]string{"a.gen.go": h + numbers(1, 20)},
			generated: []File{{"a.gen.go", []byte(h + numbers(1, 9) + "ten\n" + numbers(11, 20))}},
			want: "--- api/a.gen.go\tcommitted\n+++ api/a.gen.go\tgenerated\n" +
				"@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n",
		},
		{
			name:      "no newline at the end",
			committed: map[string]string{"a.gen.go": h + "x"},
			generated: []File{{"a.gen.go", []byte(h + "x\n")}},
			want: "--- api/a.gen.go\tcommitted\n+++ api/a.gen.go\tgenerated\n" +
				"@@ -1,2 +1,2 @@\n " + h + "-x\n\\ No newline at end of file\n+x\n",
		},
		{
			name:      "two hunks, and two changes that share one",
			committed: map[string]string{"a.gen.go": h + numbers(1, 30)},
			generated: []File{{"a.gen.go", []byte(h + numbers(2, 5) + numbers(7, 29))}},
			want: "--- api/a.gen.go\tcommitted\n+++ api/a.gen.go\tgenerated\n" +
				"@@ -1,10 +1,8 @@\n " + h + "-1\n 2\n 3\n 4\n 5\n-6\n 7\n 8\n 9\n" +
				"@@ -28,4 +26,3 @@\n 27\n 28\n 29\n-30\n",
		},
		{
			name:      "sorted by name",
			committed: map[string]string{"b.gen.go": h},
			generated: []File{{"c.gen.go", []byte(h)}, {"a.gen.go", []byte(h)}},
			want: "--- /dev/null\n+++ api/a.gen.go\tgenerated\n@@ -0,0 +1 @@\n+" + h +
				"--- api/b.gen.go\tcommitted\n+++ /dev/null\n@@ -1 +0,0 @@\n-" + h +
				"--- /dev/null\n+++ api/c.gen.go\tgenerated\n@@ -0,0 +1 @@\n+" + h,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, content := range test.committed {
				put(t, "api", name, content)
			}
			before := tree(t, "api")
			got, err := Diff("api", test.generated)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			sameTree(t, tree(t, "api"), before)
		})
	}
}

// apply takes a unified diff of one file to text: the diff must say what it means.
func apply(t *testing.T, text, diff string) string {
	t.Helper()
	old, body := lines(text), lines(diff)[2:]
	var out []string
	at := 0
	for i := 0; i < len(body); i++ {
		line := body[i]
		if strings.HasPrefix(line, "@@ ") {
			var from, n int
			spec := strings.Fields(line)[1]
			if _, err := fmt.Sscanf(spec, "-%d,%d", &from, &n); err != nil {
				n = 1
				if _, err := fmt.Sscanf(spec, "-%d", &from); err != nil {
					t.Fatalf("hunk %q: %v", line, err)
				}
			}
			if n > 0 {
				from--
			}
			out = append(out, old[at:from]...)
			at = from
			continue
		}
		content := line[1:]
		if i+1 < len(body) && strings.HasPrefix(body[i+1], `\`) {
			content = strings.TrimSuffix(content, "\n")
			i++
		}
		if line[0] != '+' {
			if at >= len(old) || old[at] != content {
				t.Fatalf("line %d of the old text is not %q", at+1, content)
			}
			at++
		}
		if line[0] != '-' {
			out = append(out, content)
		}
	}
	return strings.Join(append(out, old[at:]...), "")
}

func TestUnifiedSaysWhatChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(n, words int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "line %d\n", r.IntN(words))
		}
		return strings.TrimSuffix(b.String(), "\n"[:r.IntN(2)])
	}
	for range 3000 {
		words := []int{2, 10, 1000}[r.IntN(3)]
		a := text(r.IntN(30), words)
		b := text(r.IntN(30), words)
		if r.IntN(2) == 0 { // a few edits of one text
			ls := lines(a)
			for range r.IntN(4) {
				at := r.IntN(len(ls) + 1)
				ls = slices.Insert(ls, at, "inserted\n")
			}
			b = strings.Join(ls, "")
		}
		var w strings.Builder
		unified(&w, "a", "b", a, b)
		if a == b {
			if w.Len() > 0 {
				t.Fatalf("equal texts differ:\n%s", w.String())
			}
			continue
		}
		if got := apply(t, a, w.String()); got != b {
			t.Fatalf("the diff from\n%s\nto\n%s\nis\n%s\nwhich makes\n%s", a, b, w.String(), got)
		}
	}
}

func TestUnifiedIsNotQuadratic(t *testing.T) {
	a := strings.Repeat("}\n\n", 200_000)
	b := strings.Repeat("}\n\n\n", 200_000)
	start := time.Now()
	var w strings.Builder
	unified(&w, "a", "b", a, b)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestDiffWithoutFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	got, err := Diff(dir, []File{gen("a.gen.go", "")})
	if err != nil || !strings.Contains(got, "+++ ") {
		t.Errorf("got %q, %v", got, err)
	}
	sameTree(t, tree(t, dir), map[string]string{})
}
