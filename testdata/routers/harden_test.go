package routers

import (
	"context"
	"net"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/harden"
)

// TestHarden serves a router by harden, until the program stops.
func TestHarden(t *testing.T) {
	server := newService(t, runtime.Config{})
	hardened, err := harden.New(harden.Config{Handler: ServeMux(server)})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hardened.Serve(ctx, listener) }()
	if status, text, _ := ask(t, listener.Addr().String(), "GET", "/api/v1/items/7", "", "X-API-Key: "+server.key); status != 200 || text != `{"id":"7"}` {
		t.Errorf("%d %s", status, text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
