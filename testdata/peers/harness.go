package peers

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// Exchange sends one request to a handler as often as wanted, and allocates nothing
// itself: the request, its body's reader and the ResponseWriter are used again.
type Exchange struct {
	handler http.Handler
	fresh   http.Request // as net/http would hand it over
	request http.Request // what the handler gets, and may change
	body    body
	reply   Reply
	data    []byte
}

// NewExchange makes the exchange of c with h; token is sent unless it is empty.
func NewExchange(h http.Handler, c Case, token string) (*Exchange, error) {
	target, err := url.ParseRequestURI(c.Target)
	if err != nil {
		return nil, err
	}
	x := &Exchange{handler: h, data: c.Body}
	x.reply.header = http.Header{}
	x.fresh = http.Request{
		Method: c.Method, URL: target, RequestURI: c.Target, Host: "api.orders.example", RemoteAddr: "192.0.2.17:40123",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Accept": {"application/json"}, "User-Agent": {"shop/1.0"}},
		Body:   http.NoBody,
	}
	if len(c.Body) > 0 {
		x.fresh.Body, x.fresh.ContentLength = &x.body, int64(len(c.Body))
		x.fresh.Header["Content-Type"] = []string{"application/json"}
		x.fresh.Header["Content-Length"] = []string{strconv.Itoa(len(c.Body))}
	}
	if token != "" {
		x.fresh.Header["Authorization"] = []string{"Bearer " + token}
	}
	return x, nil
}

// Do sends the request once. The reply is good until the next call.
func (x *Exchange) Do() *Reply {
	x.request = x.fresh
	x.body.Reset(x.data)
	x.reply.reset()
	x.handler.ServeHTTP(&x.reply, &x.request)
	return &x.reply
}

// body is a request body that can be read again.
type body struct{ bytes.Reader }

// Close implements [io.Closer].
func (*body) Close() error { return nil }

var _ io.ReadCloser = (*body)(nil)

// Reply is an [http.ResponseWriter] that keeps what is written.
type Reply struct {
	Status int
	Body   []byte
	header http.Header
}

func (r *Reply) reset() {
	r.Status, r.Body = 0, r.Body[:0]
	clear(r.header)
}

// Header implements [http.ResponseWriter].
func (r *Reply) Header() http.Header { return r.header }

// WriteHeader implements [http.ResponseWriter].
func (r *Reply) WriteHeader(status int) {
	if r.Status == 0 {
		r.Status = status
	}
}

// Write implements [http.ResponseWriter].
func (r *Reply) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.Body = append(r.Body, p...)
	return len(p), nil
}

// Nothing is a handler that does next to nothing, so that measuring it measures the
// harness: it leaves the body alone and answers two bytes.
var Nothing http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(nothing) // a Reply takes everything
})

var nothing = []byte("{}")
