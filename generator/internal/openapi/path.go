package openapi

import (
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// maxSegments is the depth of a path that the router serves.
const maxSegments = 256

// template checks the path and returns the names of its parameters. What passes here
// must be what the router can serve: it would refuse the rest when the server starts.
func (r *reader) template(op *Operation, path load.Member) []string {
	op.Route = route(path.Key)
	if !strings.HasPrefix(path.Key, "/") {
		op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q does not start with a slash", path.Key)
	}
	segments := strings.Split(strings.TrimPrefix(op.Route, "/"), "/")
	if len(segments) > maxSegments {
		op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q... has %d segments; %d is the limit", path.Key[:40], len(segments), maxSegments)
		return nil
	}
	var names []string
	shape := ""
	for _, s := range segments {
		more, literals := r.segment(op, path, s)
		for _, name := range more {
			if slices.Contains(names, name) {
				op.Repeats = true
				r.diags.Warnf(path.Pos, rules.Path, "the path %q names %q twice: a request has the same value in both places", path.Key, name)
				continue
			}
			names = append(names, name)
		}
		shape += "/" + strings.Join(literals, "\x00")
	}
	op.Shape = shape
	return names
}

// segment returns the names of the parameters in one segment of a path, and the
// unescaped text around them.
func (r *reader) segment(op *Operation, path load.Member, segment string) (names, literals []string) {
	rest := segment
	for {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(rest[open:], '}')
		switch {
		case end < 0:
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a brace that is not closed before the next slash", path.Key)
			return names, append(literals, rest)
		case end == 1:
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a brace without a name", path.Key)
			return names, append(literals, rest)
		case open == 0 && len(names) > 0:
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has two parameters side by side: nothing says where the first one ends", path.Key)
		}
		names = append(names, rest[open+1:open+end])
		literals = append(literals, rest[:open])
		rest = rest[open+end+1:]
	}
	literals = append(literals, rest)
	for i, l := range literals {
		if strings.ContainsAny(l, "{}") || i < len(names) && strings.ContainsAny(names[i], "{}") {
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a brace that opens or closes nothing", path.Key)
		}
		plain, err := url.PathUnescape(l)
		if err != nil {
			continue // as it is written
		}
		if literals[i] = plain; strings.Contains(plain, "/") {
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has an escaped slash, which no request's path is matched with", path.Key)
		}
	}
	if literals[0] == "." || literals[0] == ".." {
		op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a segment that clients resolve before they ask", path.Key)
	}
	return names, literals
}

// matchPath makes the declared path parameters those of the template, in its order.
func (r *reader) matchPath(op *Operation, names []string) {
	var inPath, rest []*Parameter
	for _, name := range names {
		i := slices.IndexFunc(op.Parameters, func(p *Parameter) bool { return p.In == "path" && p.Name == name })
		if i >= 0 {
			inPath = append(inPath, op.Parameters[i])
			continue
		}
		r.diags.Warnf(op.Pos, rules.PathParameter, "the path parameter %q is not declared; it is read as a string", name)
		s := schema.Any()
		s.Types = schema.TypeString
		inPath = append(inPath, &Parameter{Pos: op.Pos, Name: name, In: "path", Required: true, Style: "simple", Schema: s})
	}
	for _, p := range op.Parameters {
		if p.In != "path" {
			rest = append(rest, p)
		} else if !slices.Contains(names, p.Name) {
			r.diags.Warnf(p.Pos, rules.PathParameter, "the path has no parameter %q; the declaration is not used", p.Name)
			r.unread(op, "a parameter that the path does not have", false, p.Node)
		}
	}
	op.Parameters = append(inPath, rest...)
}
