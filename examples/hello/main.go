// Command hello is the smallest example: one operation, API keys, and a server that stops in order.
//
//	go run ./examples/hello
//	curl -H "X-API-Key: $KEY" 127.0.0.1:8080/hello/ada
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"net"
	"os/signal"
	"syscall"

	"github.com/bailey-go/bailey/examples/hello/api"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/harden"
)

type greeter struct{}

// GetHello is called for a caller with a good key, and with a name of ASCII letters.
func (greeter) GetHello(_ context.Context, req *api.GetHelloRequest) (*api.Greeting, error) {
	return &api.Greeting{Text: "Hello " + req.Name + ", says " + req.Caller.Subject()}, nil
}

func main() {
	keys, clear, err := newKeys()
	check(err)
	server, err := api.NewServer(greeter{}, api.Config{Key: keys})
	check(err)
	defer server.Close()
	hardened, err := harden.New(harden.Config{Handler: server})
	check(err)
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	check(err)
	fmt.Println("KEY=" + clear)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	check(hardened.Serve(ctx, listener))
}

// newKeys makes one key for one caller. A real service reads its keys from a file or a database.
func newKeys() (keys apikey.Keys, clear string, err error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "1", Secret: secret})
	if err != nil {
		return keys, "", err
	}
	clear, key := hash.Generate("hello_")
	key.Subject = "first-caller"
	store, err := apikey.Static(key)
	return apikey.Keys{Store: store, Hash: hash}, clear, err
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
