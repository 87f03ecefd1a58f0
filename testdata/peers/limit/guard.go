package limit

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

// Guard puts around the server what bailey does around its own, written by hand for this
// API: a bearer token that is remembered by its digest once it is verified, scopes, a token
// bucket for each caller, the mask of the email address, a request id, the panic barrier,
// the header fields of security and of the rate limit. It still has no deadline, no
// events and no check of responses, and its memory has no bound.
func Guard(h http.Handler, key *ecdsa.PublicKey) (http.Handler, error) {
	s, ok := h.(*server)
	if !ok {
		return nil, errors.New("limit: only a server of this package can be guarded")
	}
	g := &guard{next: s, callers: map[[sha256.Size]byte]*caller{}}
	g.key = func(*gojwt.Token) (any, error) { return key, nil }
	g.parser = gojwt.NewParser(gojwt.WithValidMethods([]string{"ES256"}), gojwt.WithExpirationRequired(), gojwt.WithStrictDecoding(),
		gojwt.WithIssuer("https://login.orders.example"), gojwt.WithAudience("https://api.orders.example"))
	return g, nil
}

type guard struct {
	next    *server
	key     gojwt.Keyfunc
	parser  *gojwt.Parser
	mu      sync.RWMutex
	callers map[[sha256.Size]byte]*caller
	ids     atomic.Uint64
}

// caller is who has a verified token.
type caller struct {
	scopes  uint8
	expires time.Time
	mu      sync.Mutex
	bucket  *rate.Limiter
}

const (
	mayRead = 1 << iota
	mayWrite
	maySee // the email address
)

var scopeBits = map[string]uint8{"orders:read": mayRead, "orders:write": mayWrite, "customers:pii": maySee}

// The caller's bucket, as the document has it.
const (
	perSecond = 100_000_000
	burst     = 100_000_000
)

// guarded is the ResponseWriter of a guarded request, used again for later ones.
type guarded struct {
	http.ResponseWriter
	masked bool
	id     [1]string
	state  [1]string
	text   []byte
}

var (
	writers = sync.Pool{New: func() any { return new(guarded) }}

	nosniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
	csp      = []string{"default-src 'none'; frame-ancestors 'none'"}
	referrer = []string{"no-referrer"}
	corp     = []string{"same-origin"}
	policy   = []string{`"caller";q=100000000;w=1`}
	bearer   = []string{"Bearer"}
)

// ServeHTTP lets through who may.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to := writers.Get().(*guarded)
	to.ResponseWriter, to.masked = w, true
	defer func() {
		if recover() != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		to.ResponseWriter = nil
		writers.Put(to)
	}()
	h := w.Header()
	to.text = strconv.AppendUint(to.text[:0], g.ids.Add(1)+1<<60, 16)
	to.id[0] = string(to.text)
	h["X-Request-Id"] = to.id[:]
	h["X-Content-Type-Options"] = nosniff
	h["Cache-Control"] = noStore
	h["Content-Security-Policy"] = csp
	h["Referrer-Policy"] = referrer
	h["Cross-Origin-Resource-Policy"] = corp
	if path := r.URL.Path; path != "/orders" && !strings.HasPrefix(path, "/orders/") {
		refuse(to, http.StatusNotFound, "", "")
		return
	}
	now := time.Now()
	c := g.caller(r.Header["Authorization"], now)
	if c == nil {
		h["Www-Authenticate"] = bearer
		refuse(to, http.StatusUnauthorized, "", "")
		return
	}
	left, ok := c.take(now)
	to.text = append(strconv.AppendInt(append(to.text[:0], `"caller";r=`...), int64(left), 10), ";t=1"...)
	to.state[0] = string(to.text)
	h["Ratelimit"], h["Ratelimit-Policy"] = to.state[:], policy
	need := uint8(mayRead)
	if r.Method != http.MethodGet {
		need = mayWrite
	}
	switch {
	case !ok:
		refuse(to, http.StatusTooManyRequests, "", "")
	case c.scopes&need == 0:
		refuse(to, http.StatusForbidden, "", "")
	default:
		to.masked = c.scopes&maySee == 0
		g.next.ServeHTTP(to, r)
	}
}

// caller finds who has the token, or returns nil.
func (g *guard) caller(fields []string, now time.Time) *caller {
	if len(fields) != 1 {
		return nil
	}
	text, ok := strings.CutPrefix(fields[0], "Bearer ")
	if !ok || len(text) > 8<<10 {
		return nil
	}
	var room [640]byte
	sum := sha256.Sum256(append(room[:0], text...))
	g.mu.RLock()
	c := g.callers[sum]
	g.mu.RUnlock()
	if c == nil {
		c = g.verify(text, sum)
	}
	if c == nil || !now.Before(c.expires) {
		return nil
	}
	return c
}

func (g *guard) verify(text string, sum [sha256.Size]byte) *caller {
	claims := gojwt.MapClaims{}
	if t, err := g.parser.ParseWithClaims(text, claims, g.key); err != nil || !t.Valid {
		return nil
	}
	expires, err := claims.GetExpirationTime()
	if err != nil || expires == nil {
		return nil
	}
	c := &caller{expires: expires.Time, bucket: rate.NewLimiter(perSecond, burst)}
	scope, _ := claims["scope"].(string)
	for _, s := range strings.Fields(scope) {
		c.scopes |= scopeBits[s]
	}
	g.mu.Lock()
	g.callers[sum] = c
	g.mu.Unlock()
	return c
}

func (c *caller) take(now time.Time) (left int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ok = c.bucket.AllowN(now, 1)
	return int(math.Max(c.bucket.TokensAt(now), 0)), ok
}

// masked reports whether the answer must not show email addresses.
func masked(w http.ResponseWriter) bool {
	g, ok := w.(*guarded)
	return ok && g.masked
}

// appendMasked writes an email address with its first character and its domain.
func appendMasked(b []byte, email string) []byte {
	at := strings.LastIndexByte(email, '@')
	if at < 3 {
		return append(b, `"********"`...)
	}
	b = append(append(b, '"'), email[0])
	b = append(b, "***@"...)
	return append(append(b, email[at+1:]...), '"')
}
