// Command bank is bailey's example: a small bank whose document uses every policy.
//
//	go run ./examples/bank          serves on 127.0.0.1:8080 with a throw-away key
//	go run ./examples/bank -demo    serves on a free port, attacks itself, prints a table
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/harden"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	demo := flag.Bool("demo", false, "attack the server, print what came of it, and stop")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := serve
	if *demo {
		*addr, run = "127.0.0.1:0", demonstrate
	}
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "bank:", err)
		os.Exit(1)
	}
}

// serve runs the bank until ctx ends.
func serve(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	iss, err := newProvider()
	if err != nil {
		return err
	}
	b, err := open(runtime.Config{Log: slog.New(slog.NewJSONHandler(os.Stderr, nil))}, ln.Addr(), iss)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "bank: http://%s\n  a batch key:          %s\n  a token of the staff: %s\n", ln.Addr(), b.batchKey, b.staff)
	return b.run(ctx, ln)
}

// instance is a running bank with the credentials that were made for it.
type instance struct {
	server   *api.Server
	issuer   *issuer
	revoked  *jwt.RevocationMemory
	batchKey string
	staff    string
	log      *slog.Logger
}

// open builds the server. Everything below is what a real program has to decide: the
// keys, the key store, where callers reach the server, the logger. Nothing else is left open by the document. The
// issuer is closed when the bank stops.
func open(cfg runtime.Config, at net.Addr, iss *issuer) (*instance, error) {
	revoked, err := jwt.NewRevocationMemory(0, nil)
	if err != nil {
		return nil, err
	}
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "demo", Secret: []byte(rand.Text() + rand.Text())})
	if err != nil {
		return nil, err
	}
	clear, key := hash.Generate("bank_")
	key.Name, key.Subject, key.Scopes = "batch", "batch", []string{"reports:read", "events:write"}
	keys, err := apikey.Static(key)
	if err != nil {
		return nil, err
	}
	h := &handler{store: bank.NewStore(), issue: iss.issue}
	server, err := api.NewServer(h, api.Config{
		Config: cfg,
		// The document says where the issuer's metadata is; this one is on this machine, and in more of a hurry.
		Session:            jwt.DiscoverySource{URL: iss.url + "/.well-known/openid-configuration", MinGap: 20 * time.Millisecond},
		SessionRevocations: revoked,
		SessionDPoP:        dpop.Setup{Origins: []string{"http://" + at.String()}},
		BatchKey:           apikey.Keys{Store: keys, Hash: hash},
		Authorizer:         h,
	})
	if err != nil {
		return nil, err
	}
	staff, err := iss.issueAs("clerk-7", []string{"clerk"}, "phr", "bank:staff", "customers:read", "customers:pii", "accounts:read", "accounts:write")
	if err != nil {
		return nil, err
	}
	return &instance{server: server, issuer: iss, revoked: revoked, batchKey: clear, staff: staff, log: cfg.Log}, nil
}

// run serves on ln, which is a loopback address: plain HTTP is refused anywhere else.
func (b *instance) run(ctx context.Context, ln net.Listener) error {
	defer b.issuer.close()
	srv, err := harden.New(harden.Config{Handler: b.server, Log: b.log})
	if err != nil {
		return err
	}
	return srv.Serve(ctx, ln)
}
