package oapicodegen

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// Beside serves the listed operations by old, a handler of oapi-codegen, and every other request by
// server, a handler that bailey generated. An operation is a method and a path as net/http's ServeMux
// writes them: "GET /users/{id}". Take an operation from the list when bailey serves it.
//
// Only requests that match an operation of the list reach old: whatever else old serves is out of reach, and
// bailey answers for it. Paths that are not in their shortest form ("//a", "/a/../b") go to bailey too, which
// refuses them, so that no spelling of a path leads around its policy. The old handler has none of bailey's
// checks: no policy, no limits, no events.
//
// The error is of the list: empty, an operation without a method, a path that ends in a slash or in "...", two
// operations that match the same requests.
func Beside(server, old http.Handler, operations ...string) (h http.Handler, err error) {
	if server == nil || old == nil || len(operations) == 0 {
		return nil, errors.New("oapicodegen: Beside needs two handlers and the operations of the second")
	}
	b := &beside{server: server, old: old, mux: http.NewServeMux()}
	defer func() { // ServeMux panics
		if p := recover(); p != nil {
			h, err = nil, fmt.Errorf("oapicodegen: %v", p)
		}
	}()
	for _, op := range operations {
		method, rest, ok := strings.Cut(op, " ")
		if !ok || method == "" || method == http.MethodConnect || !strings.HasPrefix(rest, "/") || strings.HasSuffix(rest, "/") || strings.HasSuffix(rest, "...}") {
			return nil, fmt.Errorf("oapicodegen: %q is no operation: write a method and a path without a slash at its end", op)
		}
		b.mux.Handle(op, old)
	}
	return b, nil
}

type beside struct {
	server, old http.Handler
	mux         *http.ServeMux
}

func (b *beside) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.isOld(r) {
		b.old.ServeHTTP(w, r)
		return
	}
	b.server.ServeHTTP(w, r)
}

// isOld reports whether a request matches an operation of the list.
func (b *beside) isOld(r *http.Request) bool {
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped || path.Clean(r.URL.Path) != r.URL.Path {
		return false
	}
	_, pattern := b.mux.Handler(r)
	// A pattern of GET matches HEAD as well, which is an operation of its own here.
	method, _, _ := strings.Cut(pattern, " ")
	return pattern != "" && method == r.Method
}
