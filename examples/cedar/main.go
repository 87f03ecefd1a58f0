// Command cedar serves files whose access rules are Cedar policies: the document says
// where they are asked (x-bailey-authorize), policies.cedar what they answer.
//
//	go run .          serves on 127.0.0.1:8080 and prints tokens to try it with
package main

//go:generate go run -C ../.. ./cmd/bailey generate --config examples/cedar/bailey.yaml

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/bailey-go/bailey/examples/cedar/api"
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
		fmt.Fprintln(os.Stderr, "cedar:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string) error {
	issuer, err := newIssuer()
	if err != nil {
		return err
	}
	server, err := newServer(newStore(), issuer, runtime.Config{})
	if err != nil {
		return err
	}
	for _, c := range callers {
		token := tokenOf(issuer, c)
		fmt.Printf("%s (%s, clearance %d, roles %v):\n  curl -H 'Authorization: Bearer %s' http://%s/files\n", c.subject, c.tenant, c.clearance, c.roles, token, addr)
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

func newServer(s *store, issuer *jwttest.Issuer, cfg runtime.Config) (*api.Server, error) {
	a, err := newAuthorizer(policies, s)
	if err != nil {
		return nil, err
	}
	return api.NewServer(handler{s}, api.Config{Config: cfg, Staff: issuer.Keys(), Authorizer: a})
}

// handler knows files, and nothing of who may do what.
type handler struct{ files *store }

var _ api.Handler = handler{}

func (h handler) ListFiles(context.Context, *api.ListFilesRequest) ([]api.File, error) {
	return h.files.all(), nil
}

func (h handler) GetFile(ctx context.Context, req *api.GetFileRequest) (*api.File, error) {
	file, ok, err := h.files.Find(ctx, req.ID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &api.NotFound{}
	}
	return &file, nil
}

func (h handler) DeleteFile(_ context.Context, req *api.DeleteFileRequest) error {
	if !h.files.remove(req.ID) {
		return &api.NotFound{}
	}
	return nil
}

// store holds the files of the example.
type store struct {
	mu    sync.Mutex
	files []api.File
}

func newStore() *store {
	return &store{files: []api.File{
		{ID: "plan", Owner: "ada", Tenant: "t1", Clearance: 1},
		{ID: "budget", Owner: "ada", Tenant: "t1", Clearance: 3},
		{ID: "memo", Owner: "bob", Tenant: "t1", Clearance: 1},
		{ID: "recipe", Owner: "eve", Tenant: "t2", Clearance: 0},
	}}
}

func (s *store) all() []api.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]api.File(nil), s.files...)
}

func (s *store) Find(_ context.Context, id string) (api.File, bool, error) {
	for _, f := range s.all() {
		if f.ID == id {
			return f, true, nil
		}
	}
	return api.File{}, false, nil
}

func (s *store) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.files {
		if f.ID == id {
			s.files = append(s.files[:i:i], s.files[i+1:]...)
			return true
		}
	}
	return false
}

// caller is one of the example's.
type caller struct {
	subject, tenant string
	clearance       int
	roles           []string
}

var callers = []caller{
	{subject: "ada", tenant: "t1", clearance: 2, roles: []string{}},
	{subject: "bob", tenant: "t1", clearance: 2, roles: []string{"editor"}},
	{subject: "eve", tenant: "t2", clearance: 9, roles: []string{"editor"}},
}

// newIssuer stands for the issuer of the document: its keys live as long as the process.
func newIssuer() (*jwttest.Issuer, error) {
	return jwttest.New(jwttest.Config{Issuer: "https://login.files.example", Audience: "https://files.example", Lifetime: time.Hour})
}

func tokenOf(issuer *jwttest.Issuer, c caller) string {
	return issuer.Token(map[string]any{"sub": c.subject, "tenant": c.tenant, "clearance": c.clearance, "roles": c.roles})
}
