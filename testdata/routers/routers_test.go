package routers

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/testdata/routers/api"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	os.Exit(m.Run())
}

// broken makes a stream fail.
const broken = -1

// items is the API's handler.
type items struct{ next chan int64 }

func (items) ListItems(_ context.Context, req *api.ListItemsRequest) ([]string, error) {
	return []string{"q=" + req.Q.Value}, nil
}

func (items) AddItem(context.Context, *api.AddItemRequest) error { return nil }

func (items) GetItem(_ context.Context, req *api.GetItemRequest) (*api.GetItemResponse, error) {
	return &api.GetItemResponse{ID: req.ID}, nil
}

func (items) DeleteItem(context.Context, *api.DeleteItemRequest) error { return nil }

func (s items) Watch(ctx context.Context, _ *api.WatchRequest) (iter.Seq2[api.WatchItem, error], error) {
	return func(yield func(api.WatchItem, error) bool) {
		for {
			select {
			case n, more := <-s.next:
				if n == broken {
					yield(api.WatchItem{}, errors.New("the source is gone"))
					return
				}
				if !more || !yield(api.WatchItem{N: n}, nil) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}, nil
}

// service is a server with one good key.
type service struct {
	http.Handler
	key   string
	items items
}

func newService(t *testing.T, config runtime.Config) *service {
	t.Helper()
	secret := make([]byte, 32)
	rand.Read(secret)
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "1", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	clear, key := hash.Generate("items_")
	key.Subject = "ada"
	store, err := apikey.Static(key)
	if err != nil {
		t.Fatal(err)
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	s := &service{key: clear, items: items{make(chan int64)}}
	server, err := api.NewServer(s.items, api.Config{Config: config, Key: apikey.Keys{Store: store, Hash: hash}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	s.Handler = server
	return s
}

// ask sends a request with the target as it is written, which http.Client would change.
func ask(t *testing.T, address, method, target, body string, header ...string) (status int, answer string, h http.Header) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n", method, target)
	for _, line := range header {
		fmt.Fprintf(conn, "%s\r\n", line)
	}
	if body != "" {
		fmt.Fprintf(conn, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	fmt.Fprintf(conn, "\r\n%s", body)
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, strings.TrimSpace(string(text)), res.Header
}

type way struct {
	name  string
	mount func(http.Handler) http.Handler
}

// mounts are the ways of the page, in the order of its table.
var mounts = []way{{"ServeMux", ServeMux}, {"chi", Chi}, {"gin", Gin}, {"echo", Echo}}

// TestMounts sends each request to each router. The column "own" names the answers that a router gives
// in place of bailey.
func TestMounts(t *testing.T) {
	for _, m := range mounts {
		s := newService(t, runtime.Config{})
		srv := httptest.NewServer(m.mount(s))
		t.Cleanup(srv.Close)
		for _, c := range []struct {
			method, target, body string
			status               int
			text                 string
			own                  map[string]int
		}{
			{"GET", "/api/v1/items?q=a", "", 200, `["q=a"]`, nil},
			{"GET", "/api/v1/items?q=a&admin=1", "", 400, `"keyword":"unknown"`, nil},
			{"POST", "/api/v1/items", `{"name":"a"}`, 204, "", nil},
			{"POST", "/api/v1/items", `{"name":1}`, 422, "/name", nil},
			{"GET", "/api/v1/items/7", "", 200, `{"id":"7"}`, nil},
			{"DELETE", "/api/v1/items/7", "", 204, "", nil},
			{"GET", "/api/v1/items/a%2Fb", "", 200, `{"id":"a/b"}`, nil},
			{"GET", "/api/v1/items/a%20b", "", 200, `{"id":"a b"}`, nil},
			{"GET", "/api/v1/items/a%252Fb", "", 200, `{"id":"a%2Fb"}`, nil},
			{"GET", "/api/v1/items/%C3%A4", "", 200, `{"id":"ä"}`, nil},
			{"GET", "/api/v1/items/", "", 404, "", nil},
			{"GET", "/api/v1/items/7/", "", 404, "", nil},
			{"GET", "/api/v1/", "", 404, "", nil},
			{"PUT", "/api/v1/items", "", 405, "", nil},
			{"HEAD", "/api/v1/items", "", 200, "", nil},
			{"OPTIONS", "/api/v1/items", "", 405, "", nil},
			// Paths that are not in their shortest form.
			{"GET", "/api/v1//items", "", 404, "", map[string]int{"ServeMux": 307}},
			{"GET", "/api/v1/x/../items", "", 404, "", map[string]int{"ServeMux": 307}},
			{"GET", "/api/v1/x/%2e%2e/items", "", 404, "", nil},
			// The prefix alone, and in another spelling.
			{"GET", "/api/v1", "", 404, "", map[string]int{"ServeMux": 307, "gin": 404, "echo": 404}},
			{"GET", "/%61pi/v1/items", "", 404, "", map[string]int{"ServeMux": 404, "chi": 404, "gin": 404, "echo": 404}},
			{"GET", "/api%2Fv1/items", "", 404, "", map[string]int{"ServeMux": 404, "chi": 404, "gin": 404, "echo": 404}},
			{"GET", "/API/V1/items", "", 404, "", map[string]int{"ServeMux": 404, "chi": 404, "gin": 404, "echo": 404}},
			{"GET", "/items", "", 404, "", map[string]int{"ServeMux": 404, "chi": 404, "gin": 404, "echo": 404}},
			// A method that the router does not know.
			{"PURGE", "/api/v1/items", "", 405, "", map[string]int{"chi": 405, "gin": 404, "echo": 405}},
		} {
			status, text, h := ask(t, srv.Listener.Addr().String(), c.method, c.target, c.body, "X-API-Key: "+s.key)
			want, own := c.own[m.name]
			if !own {
				want = c.status
			}
			// bailey alone sends the request's id.
			if got := h.Get("X-Request-Id") == ""; status != want || got != own || !own && !strings.Contains(text, c.text) {
				t.Errorf("%s: %s %s: %d %.80q, answered by the router: %v; want %d with %q, by the router: %v", m.name, c.method, c.target, status, text, got, want, c.text, own)
			}
		}
	}
}

// An operation without the key is refused behind each router, and so is a body of another type.
func TestMountsRefuse(t *testing.T) {
	for _, m := range mounts {
		s := newService(t, runtime.Config{})
		srv := httptest.NewServer(m.mount(s))
		t.Cleanup(srv.Close)
		for _, method := range []string{"GET", "POST"} {
			if status, text, _ := ask(t, srv.Listener.Addr().String(), method, "/api/v1/items", ""); status != 401 {
				t.Errorf("%s: %s without a key: %d %s", m.name, method, status, text)
			}
		}
	}
}

// TestMountsStream holds each router to items that arrive while the stream goes on, and to a failed stream that
// does not look whole.
func TestMountsStream(t *testing.T) {
	for _, m := range append(mounts, recoveries...) {
		s := newService(t, runtime.Config{})
		srv := httptest.NewServer(m.mount(s))
		t.Cleanup(srv.Close)
		srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
		req, err := http.NewRequest("GET", srv.URL+"/api/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-API-Key", s.key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(res.Body)
		for n := range int64(3) {
			s.items.next <- n // the next item is made after this one was read
			if line, err := in.ReadString('\n'); err != nil || line != fmt.Sprintf("{\"n\":%d}\n", n) {
				t.Fatalf("%s: item %d: %q, %v", m.name, n, line, err)
			}
		}
		s.items.next <- broken
		_, err = io.ReadAll(in)
		if whole, want := err == nil, m.name == "gin with its Recovery"; whole != want {
			t.Errorf("%s: the failed stream looks whole: %v (%v), want %v", m.name, whole, err, want)
		}
		res.Body.Close()
	}
}
