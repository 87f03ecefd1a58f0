package harden_test

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/bailey-go/bailey/runtime/harden"
)

// Serve returns nil when its context ends and the requests in flight have been answered.
func ExampleServer_Serve() {
	server, err := harden.New(harden.Config{Handler: http.NotFoundHandler()})
	if err != nil {
		fmt.Println(err)
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, listener) }()
	res, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	res.Body.Close()
	stop()
	fmt.Println(res.StatusCode, <-ended)
	// Output: 404 <nil>
}

// Wrong uses are errors of New, all at once.
func ExampleNew() {
	_, err := harden.New(harden.Config{ReadTimeout: -1, ClientCertificates: harden.RequestClientCertificates})
	fmt.Println(err)
	// Output:
	// harden: there is no handler
	// harden: ReadTimeout is negative, which net/http reads as no time-out
	// harden: client certificates need TLS
}
