package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/bailey-go/bailey/runtime"
)

// row is one request of the demonstration and what must come of it.
type row struct {
	title        string
	method, path string
	token        string // bearer token
	key          string // API key
	user, secret string // HTTP Basic
	certificate  *tls.Certificate
	header       map[string]string
	kind, body   string // Content-Type and body
	want         int
	has          []string // texts that the answer must hold
	lacks        []string // texts that it must not hold
	times        int      // how often it is sent; the last answer counts
	holder       *holder  // signs a DPoP proof, which is the same each time
	proves       string   // the method that the proof is for, unless it is the row's
	before       func(*row) error
}

// demonstrate starts the bank on addr, sends every row and prints the table.
func demonstrate(ctx context.Context, addr string) error {
	return demonstrateTo(ctx, os.Stdout, addr, slog.New(slog.DiscardHandler))
}

// demonstrateTo is demonstrate with a place for its table and for the log of the bank and of the providers.
func demonstrateTo(ctx context.Context, out io.Writer, addr string, log *slog.Logger) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	t, err := newTown(ln, log)
	if err != nil {
		return err
	}
	b, err := open(runtime.Config{Log: log}, t)
	if err != nil {
		t.close()
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- b.run(ctx, ln) }()
	rows, err := script(b)
	if err == nil {
		err = b.play(out, rows)
	}
	cancel()
	return errors.Join(err, <-stopped)
}

// play sends the rows in order, prints what came, and fails if a row differs.
func (t *town) play(out io.Writer, rows []row) error {
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\tREQUEST\tEXPECTED\tCAME\t")
	differ := 0
	for _, r := range rows {
		came, err := r.send(t)
		if err != nil {
			came = err.Error()
		}
		mark := "ok"
		if came != fmt.Sprint(r.want) {
			mark = "DIFFERS"
			differ++
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t\n", mark, r.title, r.want, came)
	}
	w.Flush()
	fmt.Fprintf(out, "\n%d requests, %d differ\n", len(rows), differ)
	if differ > 0 {
		return fmt.Errorf("%d rows of the demonstration differ", differ)
	}
	return nil
}

// send returns the status, or the status and what is wrong with the answer.
func (r row) send(t *town) (came string, err error) {
	if r.before != nil {
		if err := r.before(&r); err != nil {
			return "", err
		}
	}
	client := t.plain
	if r.certificate != nil {
		client = t.client(*r.certificate)
		defer client.CloseIdleConnections()
	}
	header, err := r.fields()
	if err != nil {
		return "", err
	}
	for range max(r.times, 1) {
		req, err := http.NewRequest(r.method, apiName+r.path, strings.NewReader(r.body))
		if err != nil {
			return "", err
		}
		req.Header = header.Clone()
		res, err := client.Do(req)
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		res.Body.Close()
		if err != nil {
			return "", err
		}
		came = r.judge(res, string(body))
	}
	return came, nil
}

// fields are the header's.
func (r row) fields() (http.Header, error) {
	req := http.Request{Header: http.Header{}}
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	set("Content-Type", r.kind)
	set("X-Api-Key", r.key)
	switch {
	case r.holder != nil:
		method := r.method
		if r.proves != "" {
			method = r.proves
		}
		proof, err := r.holder.prove(method, apiName+r.path, r.token)
		if err != nil {
			return nil, err
		}
		set("Authorization", "DPoP "+r.token)
		set("DPoP", proof)
	case r.token != "":
		set("Authorization", "Bearer "+r.token)
	case r.user != "":
		req.SetBasicAuth(r.user, r.secret)
	}
	for name, value := range r.header {
		set(name, value)
	}
	return req.Header, nil
}

func (r row) judge(res *http.Response, body string) string {
	came := fmt.Sprint(res.StatusCode)
	said := body + fmt.Sprint(res.Header)
	for _, text := range r.has {
		if !strings.Contains(said, text) {
			came += " without " + text
		}
	}
	for _, text := range r.lacks {
		if strings.Contains(said, text) {
			came += " with " + text
		}
	}
	if nonce := res.Header.Get("DPoP-Nonce"); nonce != "" && r.holder != nil {
		r.holder.nonce = nonce
	}
	return came
}
