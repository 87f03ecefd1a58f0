// Command environments is one build for several environments: the document leaves the issuer, the audience and a rate
// to a file, and package config reads it.
//
//	go run ./examples/environments -config examples/environments/staging.yaml
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/bailey-go/bailey/examples/environments/api"
	"github.com/bailey-go/bailey/runtime/config"
	"github.com/bailey-go/bailey/runtime/harden"
)

type handler struct{}

// GetMe answers with the caller's subject.
func (handler) GetMe(_ context.Context, req *api.GetMeRequest) (*api.Me, error) {
	return &api.Me{Subject: req.Caller.Subject()}, nil
}

// open returns a server with the configuration of a file and of the environment.
func open(file string, environ []string) (*api.Server, error) {
	var cfg api.Config
	if err := config.Load(&cfg, config.Source{File: file, Prefix: "ENVIRONMENTS", Environ: environ}); err != nil {
		return nil, err
	}
	return api.NewServer(handler{}, cfg)
}

func main() {
	file := flag.String("config", "staging.yaml", "`file` with the configuration")
	address := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	flag.Parse()
	server, err := open(*file, os.Environ())
	check(err)
	defer server.Close()
	hardened, err := harden.New(harden.Config{Handler: server})
	check(err)
	listener, err := net.Listen("tcp", *address)
	check(err)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	check(hardened.Serve(ctx, listener))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
