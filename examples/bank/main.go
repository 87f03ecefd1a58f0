// Command bank is bailey's example: a small bank whose document uses every policy, with everybody who calls it. README.md says what is where.
//
//	go run ./examples/bank          serves on 127.0.0.1:8443, with two OpenID Connect providers beside it
//	go run ./examples/bank -demo    serves on a free port, attacks itself, prints a table
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/bailey-go/bailey/runtime"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8443", "`address` to listen on")
	dir := flag.String("dir", "", "`folder` to write certificates to, for curl; none unless given")
	demo := flag.Bool("demo", false, "attack the server, print what came of it, and stop")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := error(nil)
	if *demo {
		err = demonstrate(ctx, "127.0.0.1:0")
	} else {
		err = serve(ctx, *addr, *dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bank:", err)
		os.Exit(1)
	}
}

// serve runs the bank until ctx ends.
func serve(ctx context.Context, addr, dir string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	t, err := newTown(ln, log)
	if err != nil {
		return err
	}
	b, err := open(runtime.Config{Log: log}, t)
	if err != nil {
		t.close()
		return err
	}
	if err := b.introduce(os.Stderr, dir); err != nil {
		t.close()
		return err
	}
	return b.run(ctx, ln)
}
