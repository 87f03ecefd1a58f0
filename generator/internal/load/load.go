// Package load reads an OpenAPI document and everything it refers to: bounded,
// hermetic, exact. See Load.
package load

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Document is a loaded and checked OpenAPI document. It is immutable, but for Cost: its methods
// may be called concurrently.
type Document struct {
	// Root is the root node of the entry file.
	Root *Node
	// Version is "3.0", which Swagger 2.0 is converted to, "3.1" or "3.2".
	Version string
	// Files are the files read, relative to the entry's folder, in the order of reading.
	Files []string

	// Cost is what the document may cost the stages that read it: the one part of it that changes.
	Cost *cost.Budget

	limits  Limits
	spelled map[*Node]string
	files   map[string]*file
	refs    map[*Node]*ref // every reference the walk found
	order   []*Node        // the keys of refs, in the order in which they were found
	allOfs  []*Node        // every schema with an allOf
	// selectors are the schemas with a discriminator; of the bases among them, families are the
	// families, and familyFindings what is wrong. mappedTo are the schemas that a mapping selects; apart are bases without a family, as
	// the document says.
	selectors      []*Node
	families       map[*Node]*Family
	familyFindings map[*Node]diag.List
	mappedTo       map[*Node]bool
	apart          []*Node
	ids            map[string]*Node // schemas with an $id, by absolute URI
	// vocabularies is set where a meta-schema lists some.
	vocabularies bool

	resourceURI map[*Node]*url.URL // the same, the other way round
	aliases     map[*Node]string   // what components of the entry file only point at: their name
	fixed       map[*Node]*Node    // references that were resolved before the nodes of Swagger 2.0 moved

	separators map[*Node]Separators // of parameters and encodings of Swagger 2.0

	faults []fault                  // errors of single nodes
	faulty map[*Node]diag.List      // the same by the operations that reach the nodes
	fates  map[diag.Diagnostic]fate // and what each stops
}

// Load reads the document whose entry file is path, and the files it refers to.
//
// It is hermetic: only regular files in the entry's folder and below are read,
// whatever a reference or a symbolic link says, and nothing from the network: the
// meta-schemas of JSON Schema 2020-12 and draft 4 are built in. It is
// bounded by l. It is exact: names have their order, numbers their text, values
// their positions, whose File is relative to the entry's folder.
//
// The list holds everything that was found, sorted. The document is nil if it could
// not be read or is not of a version that is supported; with other errors it is
// there, and useful for finding more of them, and for the operations that they leave
// alone: see Document.Divide.
func Load(path string, l Limits) (*Document, diag.List) {
	// The user named this file, so a symbolic link here is followed; the folder of
	// what it leads to is the document's folder.
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, unreadable(filepath.Base(path), err)
	}
	return LoadIn(filepath.Dir(real), filepath.Base(real), l)
}

// LoadIn is Load for a document whose files are spread over several folders: all of
// folder may be read. entry is the entry file's path in it, with slashes, and
// positions are relative to it.
func LoadIn(folder, entry string, l Limits) (*Document, diag.List) {
	var diags diag.List
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, unreadable(entry, err)
	}
	defer root.Close()
	s := newSource(root, l, &diags)
	f, err := s.get(path.Clean(entry))
	if err != nil {
		return nil, unreadable(entry, err)
	}
	doc := build(s, f)
	diags.Sort()
	return doc, diags
}

// LoadBelow is Load for a document whose files may lie anywhere below the folder root. The error is of
// the paths: the document must lie there too.
func LoadBelow(root, document string, l Limits) (*Document, diag.List, error) {
	folder, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, nil, err
	}
	real, err := filepath.EvalSymlinks(document)
	if err != nil {
		return nil, nil, err
	}
	entry, err := below(folder, real)
	if err != nil {
		return nil, nil, fmt.Errorf("the document %s does not lie below the root %s", document, root)
	}
	doc, found := LoadIn(folder, filepath.ToSlash(entry), l)
	return doc, found, nil
}

// below is the path of a file below the folder root.
func below(root, file string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	entry, err := filepath.Rel(root, file)
	if err == nil && !filepath.IsLocal(entry) {
		err = errors.New("the file lies elsewhere")
	}
	return entry, err
}

// Roots are the root nodes of the files that were read, in the order of Files.
func (d *Document) Roots() []*Node {
	var roots []*Node
	for _, name := range d.Files {
		if f := d.files[name]; f != nil && f.root != nil {
			roots = append(roots, f.root)
		}
	}
	return roots
}

// Spelled returns a number or boolean as the document writes it, which in YAML need not be how
// JSON does: 007, 0x1F, True.
func (d *Document) Spelled(n *Node) string {
	if text, ok := d.spelled[n]; ok {
		return text
	}
	return n.Text
}

// unreadable is the diagnostic of a document that is not there.
func unreadable(name string, err error) diag.List {
	var diags diag.List
	diags.Errorf(diag.Pos{File: name}, rules.File, "cannot read the document: %v", reason(err))
	return diags
}

// LoadBytes reads a document of one file from memory, under a name that is used for
// positions and whose extension tells how it is written. References to other files
// are errors. It does what Load does.
func LoadBytes(name string, data []byte, l Limits) (*Document, diag.List) {
	var diags diag.List
	s := newSource(nil, l, &diags)
	if err := s.take(int64(len(data))); err != nil {
		return nil, unreadable(name, err)
	}
	doc := build(s, s.parse(name, data))
	diags.Sort()
	return doc, diags
}

func newSource(folder *os.Root, l Limits, diags *diag.List) *source {
	return &source{
		folder: folder,
		b:      budget{Limits: l.orDefault()},
		files:  map[string]*file{},
		diags:  diags,
	}
}

// build makes a document of its entry file.
func build(s *source, entry *file) *Document {
	if entry.root == nil {
		return nil
	}
	version, err := readVersion(entry.root)
	if err != nil {
		s.diags.Add(*err)
		return nil
	}
	doc := &Document{
		Root:    entry.root,
		Version: version,
		limits:  s.b.Limits,
		files:   s.files,
		refs:    map[*Node]*ref{},
		ids:     map[string]*Node{},
		aliases: map[*Node]string{},
		fixed:   map[*Node]*Node{},

		separators: map[*Node]Separators{},

		resourceURI: map[*Node]*url.URL{},
	}
	s.cost = cost.New(s.b.nodes, entry.name)
	doc.Cost = s.cost
	s.diags.AddFound(cost.Guard(func() {
		if isSwagger(doc.Root) {
			(&swagger{doc: doc, source: s, diags: s.diags}).convert()
		}
		doc.checkShape(s.diags)
		w := &walker{doc: doc, source: s, diags: s.diags}
		w.run()
		doc.Cost.Grow(s.b.nodes)
		doc.Files, doc.spelled = s.order, s.b.spelled // the walk has read more files
		doc.checkCycles(s.diags)
		doc.nameAliases()
		doc.assign()
		doc.findFamilies()
	}))
	return doc
}
