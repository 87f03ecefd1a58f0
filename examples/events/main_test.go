package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/examples/events/api"
	"github.com/bailey-go/bailey/runtime"
)

func TestEvents(t *testing.T) {
	h := &hub{}
	server, err := api.NewServer(h, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(server)
	defer srv.Close()

	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	req, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/readings", nil)
	if err != nil {
		t.Fatal(err)
	}
	watch, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Body.Close()
	await(t, h, 1)

	post := func(lines string) (int, string) {
		res, err := http.Post(srv.URL+"/readings", "application/x-ndjson", strings.NewReader(lines))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if status, body := post("{\"sensor\":\"roof\",\"value\":21.5}\n{\"sensor\":\"roof\",\"value\":22}\n"); status != 200 || body != `{"count":2}` {
		t.Errorf("%d %s", status, body)
	}
	if status, body := post("{\"sensor\":\"roof\",\"value\":1}\n{\"sensor\":\"roof\",\"value\":1000}\n"); status != 422 || !strings.Contains(body, `"/1/value"`) {
		t.Errorf("%d %s", status, body)
	}
	r := bufio.NewReader(watch.Body)
	for _, want := range []string{"21.5", "22", "1"} {
		for _, line := range []string{"retry: 3000\n", `data: {"sensor":"roof","value":` + want + "}\n", "\n"} {
			if got, err := r.ReadString('\n'); got != line {
				t.Fatalf("%q, %v; want %q", got, err, line)
			}
		}
	}
	leave()
	await(t, h, 0) // the handler has learnt that its client went
}

// await waits until n watch. What hangs, the test's time-out ends.
func await(t *testing.T, h *hub, n int) {
	t.Helper()
	for h.watching() != n {
		time.Sleep(time.Millisecond)
	}
}
