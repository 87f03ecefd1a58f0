package refusals

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// Declared is an error response of an operation.
type Declared struct {
	Response  *openapi.Response
	Low, High int   // the statuses that it is for
	Statuses  []int // of them those that the server sends by itself, after the map
}

// DeclaredBy lists the error responses of an operation, the nearest to a status first: 404, 4XX, default. A default
// that is the operation's only response describes a success, and is none.
func DeclaredBy(op *openapi.Operation, statuses []policy.ErrorStatus) []Declared {
	sent := []int{}
	for _, status := range Sent {
		if to := policy.StatusOf(statuses, status); !slices.Contains(sent, to) {
			sent = append(sent, to)
		}
	}
	succeeds := slices.ContainsFunc(op.Responses, func(r *openapi.Response) bool { return r.Status != "default" && r.Status[0] <= '3' })
	var exact, class, fallback []Declared
	for _, r := range op.Responses {
		switch {
		case r.Status == "default":
			if succeeds {
				fallback = append(fallback, Declared{Response: r, Low: 400, High: 599})
			}
		case r.Status[0] <= '3':
		case strings.HasSuffix(r.Status, "XX"):
			low := int(r.Status[0]-'0') * 100
			class = append(class, Declared{Response: r, Low: low, High: low + 99})
		default:
			status, _ := strconv.Atoi(r.Status)
			exact = append(exact, Declared{Response: r, Low: status, High: status, Statuses: []int{status}})
		}
	}
	all := slices.Concat(exact, class, fallback)
	for i := range all {
		d := &all[i]
		if d.Low == d.High {
			continue
		}
		for _, status := range sent {
			if status >= d.Low && status <= d.High && !slices.ContainsFunc(all[:i], func(o Declared) bool { return status >= o.Low && status <= o.High }) {
				d.Statuses = append(d.Statuses, status)
			}
		}
	}
	return all
}

// Holder is x-bailey-errors for a response: of each part the nearest value, at the response, at its schema, at the
// document.
type Holder struct {
	Body        *policy.ErrorBody // nil where nothing is written
	Codes, Docs []policy.ErrorCode
	Used        []*policy.Errors // the values that say something of it, below the document
}

// HolderOf finds the values for a response with a media type, which may be nil.
func HolderOf(p *policy.Set, root *load.Node, r *openapi.Response, m *openapi.Media) Holder {
	var h Holder
	add := func(n *load.Node) {
		e := p.Errors[n]
		if e == nil {
			return
		}
		if n != root {
			h.Used = append(h.Used, e)
		}
		if h.Body == nil {
			h.Body = e.Body
		}
		if h.Codes == nil {
			h.Codes = e.Codes
		}
		if h.Docs == nil {
			h.Docs = e.Docs
		}
	}
	add(r.Node)
	if m != nil && m.Schema != nil {
		for _, n := range m.Schema.Nodes {
			add(n)
		}
	}
	add(root)
	return h
}

// Answer fits the template of an error response. Without an error, a nil Body is a problem document, for
// which the document asks, or since nothing is written (asked is false).
func Answer(p *policy.Set, root *load.Node, d Declared, statuses []policy.ErrorStatus, fit func(*policy.ErrorBody, Contract) (*Body, *Misfit)) (body *Body, asked bool, misfit *Misfit) {
	r := d.Response
	h := HolderOf(p, root, r, first(r))
	switch {
	case h.Body == nil:
		return nil, false, nil
	case h.Body.Word == policy.ErrorProblem:
		return nil, true, nil
	case h.Body.Word == policy.ErrorNone || len(r.Content) == 0:
		return &Body{Empty: true, Used: map[*policy.ErrorBody]bool{}}, true, nil
	}
	served := false
	for _, m := range r.Content {
		switch {
		case m.Kind == openapi.MediaJSON && !strings.Contains(m.Name, "*"):
			served = true
			h := HolderOf(p, root, r, m)
			if h.Body.Word != "" {
				continue
			}
			t := h.Body
			if text := textOf(t, m); text != nil {
				t = text
			}
			c := Contract{Media: m.Name, Schema: m.Schema, Statuses: d.Statuses, Map: statuses, Codes: h.Codes, Docs: h.Docs}
			fitted, no := fit(t, c)
			if fitted != nil {
				return fitted, true, nil
			}
			if misfit == nil {
				misfit = no
			}
		case m.Type == "text/plain":
			return &Body{Media: "text/plain; charset=utf-8", Text: true, Used: map[*policy.ErrorBody]bool{}}, true, nil
		}
	}
	if !served {
		misfit = &Misfit{Pos: h.Body.Pos, At: r.Pos, Unserved: true, Text: "no media type of the response can hold a template"}
	}
	return nil, true, misfit
}

// textOf is the template of a response that is a bare JSON string, whatever object is written: its detail.
func textOf(t *policy.ErrorBody, m *openapi.Media) *policy.ErrorBody {
	if t.Part != "" || m.Schema == nil || m.Schema.Types&^schemaNull != schemaString {
		return nil
	}
	return &policy.ErrorBody{Pos: t.Pos, Part: "detail"}
}

// first is the first media type that a template can serve, or nil.
func first(r *openapi.Response) *openapi.Media {
	for _, m := range r.Content {
		if m.Kind == openapi.MediaJSON {
			return m
		}
	}
	return nil
}
