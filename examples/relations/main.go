// Command relations serves documents that are shared with people and groups: the document says
// where relations are asked about (x-bailey-authorize), authorizer.go which.
//
//	go run ./examples/relations          serves on 127.0.0.1:8080 and prints tokens to try it with
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/bailey-go/bailey/examples/relations/api"
	"github.com/bailey-go/bailey/examples/relations/internal/relations"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/runtime/harden"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "relations:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string) error {
	issuer, err := newIssuer()
	if err != nil {
		return err
	}
	server, err := newServer(newStore(), shared(), issuer, runtime.Config{})
	if err != nil {
		return err
	}
	for _, name := range []string{"ada", "bob", "eve"} {
		token := tokenOf(issuer, name)
		fmt.Printf("%s:\n  curl -H 'Authorization: Bearer %s' http://%s/documents\n", name, token, addr)
	}
	hardened, err := harden.New(harden.Config{Handler: server})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return hardened.Serve(ctx, ln)
}

func newServer(s *store, r relations.Checker, issuer *jwttest.Issuer, cfg runtime.Config) (*api.Server, error) {
	return api.NewServer(handler{s}, api.Config{Config: cfg, People: issuer.Keys(), Authorizer: authorizer{r}})
}

// shared are the example's relations: owners edit, editors view, and a group is shared with as a person is.
func shared() *relations.Memory {
	return relations.NewMemory(relations.Model{"viewer": {"editor"}, "editor": {"owner"}},
		relations.Tuple{User: "user:ada", Relation: "owner", Object: "document:plan"},
		relations.Tuple{User: "group:staff#member", Relation: "viewer", Object: "document:plan"},
		relations.Tuple{User: "user:bob", Relation: "member", Object: "group:staff"},
		relations.Tuple{User: "user:bob", Relation: "owner", Object: "document:memo"},
	)
}

// handler knows documents, and nothing of who may do what.
type handler struct{ documents *store }

var _ api.Handler = handler{}

func (h handler) ListDocuments(context.Context, *api.ListDocumentsRequest) ([]api.Document, error) {
	return h.documents.all(), nil
}

func (h handler) GetDocument(_ context.Context, req *api.GetDocumentRequest) (*api.Document, error) {
	for _, d := range h.documents.all() {
		if d.ID == req.ID {
			return &d, nil
		}
	}
	return nil, &api.NotFound{}
}

func (h handler) RenameDocument(_ context.Context, req *api.RenameDocumentRequest) error {
	if !h.documents.rename(req.ID, req.Body.Title) {
		return &api.NotFound{}
	}
	return nil
}

// store holds the documents of the example.
type store struct {
	mu        sync.Mutex
	documents []api.Document
}

func newStore() *store {
	return &store{documents: []api.Document{{ID: "plan", Title: "The plan"}, {ID: "memo", Title: "A memo"}}}
}

func (s *store) all() []api.Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.documents)
}

func (s *store) rename(id, title string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.documents, func(d api.Document) bool { return d.ID == id })
	if i >= 0 {
		s.documents[i].Title = title
	}
	return i >= 0
}

// newIssuer stands for the issuer of the document: its keys live as long as the process.
func newIssuer() (*jwttest.Issuer, error) {
	return jwttest.New(jwttest.Config{Issuer: "https://login.documents.example", Audience: "https://documents.example", Lifetime: time.Hour})
}

func tokenOf(issuer *jwttest.Issuer, subject string) string {
	return issuer.Token(map[string]any{"sub": subject})
}
