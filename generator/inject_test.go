package generator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/emit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// printer writes a document as JSON, a member a line, without some nodes and with a key more in one
// object.
type printer struct {
	b      bytes.Buffer
	line   int
	lines  map[*load.Node]int // of the members' values
	drop   map[*load.Node]bool
	into   *load.Node
	member string // of the injection
	at     int    // its line
}

func (p *printer) newline() { p.b.WriteByte('\n'); p.line++ }

// next begins a value in a list of which some are written.
func (p *printer) next(written *bool) {
	if *written {
		p.b.WriteByte(',')
	}
	*written = true
}

func (p *printer) node(n *load.Node) {
	written := false
	switch n.Kind {
	case load.Object:
		p.b.WriteByte('{')
		for _, m := range n.Members {
			if p.drop[m.Value] {
				continue
			}
			p.next(&written)
			p.newline()
			p.lines[m.Value] = p.line
			key, _ := json.Marshal(m.Key)
			p.b.Write(key)
			p.b.WriteByte(':')
			p.node(m.Value)
		}
		if n == p.into {
			p.next(&written)
			p.newline()
			p.at = p.line
			p.b.WriteString(p.member)
		}
		p.newline()
		p.b.WriteByte('}')
	case load.Array:
		p.b.WriteByte('[')
		for _, item := range n.Items {
			if !p.drop[item] {
				p.next(&written)
				p.node(item)
			}
		}
		p.b.WriteByte(']')
	case load.String:
		text, _ := json.Marshal(n.Text)
		p.b.Write(text)
	case load.Null:
		p.b.WriteString("null")
	default:
		p.b.WriteString(n.Text)
	}
}

// injected decides and prints a part of a golden, with a key more in an object or as it is: the
// code, what is said, and the printed document. It leaves out gofmt, which cannot change the verdict
// and costs most.
func injected(t *testing.T, cfg Config, doc *load.Document, drop map[*load.Node]bool, into *load.Node, member string) (code string, res *Result, p *printer) {
	t.Helper()
	p = &printer{lines: map[*load.Node]int{}, drop: drop, into: into, member: member, line: 1}
	p.node(doc.Root)
	from := filepath.Dir(cfg.Document)
	cfg.Document = "openapi.json"
	read, diags := load.LoadBytes(cfg.Document, p.b.Bytes(), load.Limits{})
	if len(doc.Files) > 1 { // memory has no other files
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		cfg.Document = filepath.Join(dir, "openapi.json")
		if err := os.WriteFile(cfg.Document, p.b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		read, diags = load.Load(cfg.Document, load.Limits{})
	}
	res = &Result{}
	if diags.HasErrors() {
		res.report(cfg.base(), diags)
		return "", res, p
	}
	var built *model.API
	built, diags, err := cfg.build(res, read, diags)
	if err != nil {
		if !errors.Is(err, ErrDocument) {
			t.Fatal(err)
		}
		return "", res, p
	}
	res.report(cfg.base(), diags)
	drafts, err := emit.Draft(built)
	if err != nil {
		t.Fatal(err)
	}
	delete(drafts, "policy.gen.go") // what it says is no proof that code does it
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(drafts)) {
		b.Write(unplaced.ReplaceAll(drafts[name], nil))
	}
	return b.String(), res, p
}

// unplaced are positions and lines of comments in the generated code.
var unplaced = regexp.MustCompile(`openapi\.json:\d+:\d+|(?m)^\s*//.*$`)

// naming are the rules of warnings that name a place whose keywords are not checked.
var naming = []string{"unchecked-body", "header-type", "header", "form-encoding", "form-extra"}

// namings is how many warnings name a place as unchecked.
func namings(res *Result) int {
	n := 0
	for _, d := range res.Diagnostics {
		if slices.Contains(naming, d.Rule) {
			n++
		}
	}
	return n
}

// sampled is how many injections a usual run makes, chosen by their names. BAILEY_INJECT is another
// number, or a shard of all: "2/8".
const sampled = 250

// run is one injection, in all uses that reach the schema object and in the whole document.
type run struct {
	name  string
	in    injection
	whole *baseline
	uses  []useSite
	hash  uint32
}

// useSite is a schema object in a part of a golden.
type useSite struct {
	*baseline
	site *site
}

// TestInjection puts each keyword and each policy into every schema object that a use of the golden
// documents reaches, use by use, and accepts only an error or other code. For keywords, never for
// policies, a warning that names the key's line, or the body as unchecked, is enough. What is refused
// in a use alone has to be refused in the whole document, however many other uses enforce it.
func TestInjection(t *testing.T) {
	t.Parallel()
	goldens, err := filepath.Glob("../testdata/golden/*/" + ConfigName)
	if err != nil || len(goldens) == 0 {
		t.Fatal(len(goldens), err)
	}
	var runs []*run
	var uses useCount
	for _, path := range goldens {
		runs = append(runs, runsOf(t, path, &uses)...)
	}
	all, alone := len(runs), 0
	if runs, err = chosen(runs, os.Getenv("BAILEY_INJECT")); err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		alone += len(r.uses)
	}
	t.Logf("%d of %d injections, in %d uses of them; %d uses, of which %d only with their whole operation", len(runs), all, alone, uses.all, uses.wide)
	if len(runs) == 0 || uses.wide > uses.all/4 {
		t.Errorf("%d injections, %d of %d uses cannot stand alone", len(runs), uses.wide, uses.all)
	}
	for _, r := range runs {
		t.Run(r.name, func(t *testing.T) { t.Parallel(); r.hold(t) })
	}
}

// useCount counts uses, and those that cannot stand without the rest of their operation.
type useCount struct{ all, wide int }

// runsOf are the injections into a golden.
func runsOf(t *testing.T, path string, uses *useCount) []*run {
	t.Helper()
	cfg, err := LoadConfig(path)
	if err == nil {
		cfg, err = cfg.complete()
	}
	if err != nil {
		t.Fatal(err)
	}
	cfg.Tests = false
	doc, found := load.Load(cfg.Document, load.Limits{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	golden := filepath.Base(filepath.Dir(path))
	whole := baseOf(t, cfg, doc, &cut{name: "the whole document"})
	if whole == nil {
		t.Fatalf("%s is refused", golden)
	}
	var out []*run
	byName := map[string]*run{}
	done := map[*cut]bool{}
	for _, c := range cuts(doc) {
		uses.all++
		base := baseOf(t, cfg, doc, c)
		if base == nil {
			uses.wide++
			if c = c.wider; done[c] {
				continue
			}
			done[c] = true
			if base = baseOf(t, cfg, doc, c); base == nil {
				t.Fatalf("%s: %s alone is refused", golden, c.name)
			}
		}
		for _, s := range base.sites {
			for _, in := range injections {
				if !in.fits(s) {
					continue
				}
				name := fmt.Sprintf("%s %s %s=%s", golden, s.n.Pointer(), in.key, in.value)
				if byName[name] == nil {
					h := fnv.New32a()
					h.Write([]byte(name))
					byName[name] = &run{name: name, in: in, whole: whole, hash: h.Sum32()}
					out = append(out, byName[name])
				}
				byName[name].uses = append(byName[name].uses, useSite{base, s})
			}
		}
	}
	return out
}

// chosen are the runs that BAILEY_INJECT asks for.
func chosen(runs []*run, text string) ([]*run, error) {
	slices.SortFunc(runs, func(a, b *run) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.name, b.name)) })
	if text == "" {
		text = strconv.Itoa(sampled)
	}
	if most, err := strconv.Atoi(text); err == nil {
		return runs[:min(most, len(runs))], nil
	}
	var shard, of int
	if _, err := fmt.Sscanf(text, "%d/%d", &shard, &of); err != nil || shard < 1 || shard > of {
		return nil, fmt.Errorf("BAILEY_INJECT is a number of injections, or a shard such as 2/8: %q", text)
	}
	return runs[(shard-1)*len(runs)/of : shard*len(runs)/of], nil
}

// baseline is a part of a golden as it is.
type baseline struct {
	cfg   Config
	doc   *load.Document
	cut   *cut
	code  string
	named int // warnings that name a place as unchecked
	sites []*site
}

// baseOf is the baseline of a part, nil where that is refused.
func baseOf(t *testing.T, cfg Config, doc *load.Document, c *cut) *baseline {
	t.Helper()
	code, res, printed := injected(t, cfg, doc, c.drop, nil, "")
	if res.Errors() > 0 {
		return nil
	}
	warned, raw, never := map[int]bool{}, map[int]bool{}, map[int]bool{}
	for _, d := range res.Diagnostics {
		warned[d.Line] = warned[d.Line] || slices.Contains(naming, d.Rule)
		raw[d.Line] = raw[d.Line] || d.Rule == "raw-value"
		never[d.Line] = never[d.Line] || d.Rule == "unsatisfiable"
	}
	w := &sites{doc: doc, drop: c.drop, found: map[*load.Node]*site{}, seen: map[seenSite]bool{}, gone: map[*load.Node]ways{}, rules: func(n *load.Node) (bool, bool, bool) {
		line := printed.lines[n]
		none := never[line]
		for _, m := range n.Members { // the warning is at the keyword that contradicts
			none = none || never[printed.lines[m.Value]] && (m.Value.Kind != load.Object || m.Key == "schema")
		}
		return warned[line], raw[line] || cfg.Exact, none
	}}
	w.operations()
	return &baseline{cfg, doc, c, code, namings(res), w.order}
}

// hold makes the injection.
func (r *run) hold(t *testing.T) {
	member := fmt.Sprintf("%q: %s", r.in.key, r.in.value)
	policy := strings.HasPrefix(r.in.key, "x-bailey-")
	refused, atLine := "", false
	for _, u := range r.uses {
		code, res, p := injected(t, u.cfg, u.doc, u.cut.drop, u.site.n, member)
		switch {
		case res.Errors() > 0 && onlyUnsatisfiable(res): // alone; the whole may have another body
		case res.Errors() > 0:
			if refused == "" || !atLine && errorAt(res, p.at) {
				refused, atLine = u.cut.name, errorAt(res, p.at)
			}
		case code != u.code:
		case !policy && (u.site.named || namings(res) > u.named):
		case !policy && slices.ContainsFunc(res.Diagnostics, func(d Diagnostic) bool { return d.Line == p.at }):
		default:
			t.Errorf("%s: it has no effect, and nothing is said of it (line %d)", u.cut.name, p.at)
		}
	}
	if refused == "" {
		return
	}
	_, res, p := injected(t, r.whole.cfg, r.whole.doc, nil, r.uses[0].site.n, member)
	if res.Errors() == 0 || atLine && !errorAt(res, p.at) {
		t.Errorf("%s alone is refused, the whole document is not (at line %d): %v", refused, p.at, res.Diagnostics)
	}
}

// errorAt reports whether an error stands at a line.
func errorAt(res *Result, line int) bool {
	return slices.ContainsFunc(res.Diagnostics, func(d Diagnostic) bool {
		return d.Line == line && !d.Warning && d.Rule != "unsatisfiable"
	})
}

func onlyUnsatisfiable(res *Result) bool {
	return !slices.ContainsFunc(res.Diagnostics, func(d Diagnostic) bool { return !d.Warning && d.Rule != "unsatisfiable" })
}
