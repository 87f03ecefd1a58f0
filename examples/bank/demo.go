package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/runtime"
)

// row is one request of the demonstration and what must come of it.
type row struct {
	title        string
	method, path string
	token        string // bearer token
	key          string // API key
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

// demonstrateTo is demonstrate with a place for its table and for the bank's log.
func demonstrateTo(ctx context.Context, out io.Writer, addr string, log *slog.Logger) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	iss, err := newProvider()
	if err != nil {
		return err
	}
	b, err := open(runtime.Config{Log: log}, ln.Addr(), iss)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- b.run(ctx, ln) }()
	rows, err := script(b)
	if err == nil {
		err = play(out, "http://"+ln.Addr().String(), rows)
	}
	cancel()
	return errors.Join(err, <-stopped)
}

// play sends the rows in order, prints what came, and fails if a row differs.
func play(out io.Writer, base string, rows []row) error {
	client := &http.Client{Timeout: 10 * time.Second}
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\tREQUEST\tEXPECTED\tCAME\t")
	differ := 0
	for _, r := range rows {
		came, err := r.send(client, base)
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
func (r row) send(client *http.Client, base string) (string, error) {
	var came, proof string
	if r.before != nil {
		if err := r.before(&r); err != nil {
			return "", err
		}
	}
	if r.holder != nil {
		method, err := r.proves, error(nil)
		if method == "" {
			method = r.method
		}
		if proof, err = r.holder.prove(method, base+r.path, r.token); err != nil {
			return "", err
		}
	}
	for range max(r.times, 1) {
		req, err := http.NewRequest(r.method, base+r.path, strings.NewReader(r.body))
		if err != nil {
			return "", err
		}
		if r.kind != "" {
			req.Header.Set("Content-Type", r.kind)
		}
		if r.token != "" {
			req.Header.Set("Authorization", "Bearer "+r.token)
		}
		if proof != "" {
			req.Header.Set("Authorization", "DPoP "+r.token)
			req.Header.Set("DPoP", proof)
		}
		if r.key != "" {
			req.Header.Set("X-Api-Key", r.key)
		}
		for k, v := range r.header {
			req.Header.Set(k, v)
		}
		res, err := client.Do(req)
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		res.Body.Close()
		if err != nil {
			return "", err
		}
		came = fmt.Sprint(res.StatusCode)
		for _, text := range r.has {
			if !strings.Contains(string(body), text) {
				came += " without " + text
			}
		}
		for _, text := range r.lacks {
			if strings.Contains(string(body), text) {
				came += " with " + text
			}
		}
	}
	return came, nil
}

// tokens are the credentials of the script, good and bad.
type tokens struct {
	ada, grace, reader, clerk, writer, trainee, nowhere, misplaced, hasty, expired, foreign, otherAudience, idToken, none, confused, otherKey string
}

func makeTokens(iss *issuer) (t tokens, err error) {
	keep := func(s string, e error) string { err = errors.Join(err, e); return s }
	all := []string{"customers:read", "customers:write", "accounts:read", "transfers:write", "documents:write"}
	ada := bank.Ada.String()
	change := func(key string, value any) jwt.MapClaims {
		c := iss.claims(ada, all...)
		c[key] = value
		return c
	}
	t.ada = keep(iss.issue(ada, all...))
	t.grace = keep(iss.issue(bank.Grace.String(), all...))
	t.reader = keep(iss.issue(ada, "accounts:read"))
	t.clerk = keep(iss.issueAs("clerk-7", []string{"clerk"}, "phr", "bank:staff"))
	t.trainee = keep(iss.issueAs("trainee-1", []string{"trainee"}, "phr", "bank:staff"))
	t.hasty = keep(iss.issueAs("clerk-8", []string{"clerk"}, "pwd", "bank:staff"))
	t.writer = keep(iss.issueAs("clerk-9", []string{"clerk"}, "phr", "customers:write"))
	t.nowhere = keep(iss.sign("at+jwt", change("tenant", "")))
	t.misplaced = keep(iss.sign("at+jwt", change("branch", "seven")))
	t.expired = keep(iss.sign("at+jwt", change("exp", time.Now().Add(-time.Hour).Unix())))
	t.foreign = keep(iss.sign("at+jwt", change("iss", "https://login.evil.example")))
	t.otherAudience = keep(iss.sign("at+jwt", change("aud", "https://other.example")))
	t.idToken = keep(iss.sign("JWT", iss.claims(ada, all...)))
	none := jwt.NewWithClaims(jwt.SigningMethodNone, iss.claims(ada, all...))
	none.Header["typ"] = "at+jwt"
	t.none = keep(none.SignedString(jwt.UnsafeAllowNoneSignatureType))
	confused := jwt.NewWithClaims(jwt.SigningMethodHS256, iss.claims(ada, all...))
	confused.Header["typ"] = "at+jwt"
	t.confused = keep(confused.SignedString([]byte(iss.publicPEM)))
	other, e := newIssuer()
	err = errors.Join(err, e)
	if e == nil {
		t.otherKey = keep(other.issue(ada, all...))
	}
	return t, err
}

// script is the whole demonstration: every refusal of the pipeline, and the masked
// view against the clear one.
func script(b *instance) ([]row, error) {
	t, err := makeTokens(b.issuer)
	if err != nil {
		return nil, err
	}
	rows := publicRows()
	rows = append(rows, identityRows(t)...)
	held, err := heldRows(b)
	if err != nil {
		return nil, err
	}
	rows = append(rows, held...)
	rows = append(rows, ownerRows(t, b.staff)...)
	rows = append(rows, inputRows(t)...)
	rows = append(rows, transferRows(t)...)
	documents, err := documentRows(t)
	if err != nil {
		return nil, err
	}
	rows = append(rows, documents...)
	rows = append(rows,
		row{title: "the daily report with a key", method: "GET", path: "/reports/daily", key: b.batchKey, want: 200, has: []string{"checking EUR"}},
		row{title: "the daily report with a wrong key", method: "GET", path: "/reports/daily", key: "bank_00000000000000000000000000000000", want: 401},
		row{title: "the daily report as staff", method: "GET", path: "/reports/daily", token: b.staff, want: 200, has: []string{"for branch 7"}},
		row{title: "a partner's event with members nobody named", method: "POST", path: "/partners/events", key: b.batchKey,
			kind: "application/json", body: `{"type":"paid","at":"2026-03-01T10:00:00Z","extra":{"a":1}}`, want: 204},
		row{title: "close an account with money on it", method: "DELETE", path: "/accounts/AC00000003", token: b.staff, want: 409},
		row{title: "log in too often", method: "POST", path: "/login", kind: "application/x-www-form-urlencoded",
			body: "username=ada&password=wrong+password", want: 429, times: 8},
	)
	return rows, nil
}

func publicRows() []row {
	const form = "application/x-www-form-urlencoded"
	return []row{
		{title: "health, without a caller", method: "GET", path: "/health", want: 200, has: []string{`{"open":true}`}},
		{title: "an unknown path", method: "GET", path: "/admin.php", want: 404},
		{title: "a path with a trailing slash", method: "GET", path: "/health/", want: 404},
		{title: "a method nobody declared", method: "DELETE", path: "/health", want: 405},
		{title: "a parameter nobody declared", method: "GET", path: "/health?debug=1", want: 400},
		{title: "an operation that was left out", method: "GET", path: "/legacy/export", want: 404},
		{title: "log in", method: "POST", path: "/login", kind: form, body: "username=ada&password=correct+horse+battery", want: 200, has: []string{"accessToken"}},
		{title: "log in with a wrong password", method: "POST", path: "/login", kind: form, body: "username=ada&password=wrong+password", want: 401},
		{title: "log in with a field twice", method: "POST", path: "/login", kind: form,
			body: "username=ada&username=grace&password=correct+horse+battery", want: 422},
	}
}

func identityRows(t tokens) []row {
	list := "/customers/" + bank.Ada.String() + "/accounts"
	get := func(title, token string, want int) row {
		return row{title: title, method: "GET", path: list, token: token, want: want}
	}
	return []row{
		get("her accounts", t.ada, 200),
		get("no token", "", 401),
		get("a token that is none", "abc", 401),
		get("an expired token", t.expired, 401),
		get("a token of another issuer", t.foreign, 401),
		get("a token for another audience", t.otherAudience, 401),
		get("a token of no tenant", t.nowhere, 401),
		get("a token with a text for its branch", t.misplaced, 401),
		get("an ID token as access token", t.idToken, 401),
		get("a token signed with nothing (none)", t.none, 401),
		get("a token signed with the public key (HS256)", t.confused, 401),
		get("a token signed with another key", t.otherKey, 401),
		{title: "a token without the scope", method: "GET", path: "/customers/" + bank.Ada.String(), token: t.reader, want: 403},
		{title: "a customer asks for what is the staff's", method: "GET", path: "/admin/customers?name=ada", token: t.ada,
			header: map[string]string{"X-Reason": "curiosity"}, want: 403},
		{title: "a clerk finds a customer", method: "GET", path: "/admin/customers?name=ada", token: t.clerk,
			header: map[string]string{"X-Reason": "a call from the customer"}, want: 200, has: []string{"Lovelace"}},
		{title: "staff without the role", method: "GET", path: "/admin/customers?name=ada", token: t.trainee,
			header: map[string]string{"X-Reason": "training"}, want: 403},
		{title: "a clerk with a password alone", method: "GET", path: "/admin/customers?name=ada", token: t.hasty,
			header: map[string]string{"X-Reason": "a call from the customer"}, want: 401},
	}
}

func ownerRows(t tokens, staff string) []row {
	ada := "/customers/" + bank.Ada.String()
	return []row{
		{title: "her own data, masked", method: "GET", path: ada, token: t.ada, want: 200,
			has: []string{"a***@engines.example", "6819"}, lacks: []string{"ada@engines.example", "GB29NWBK", "taxNumber"}},
		{title: "the same for staff who may see it", method: "GET", path: ada, token: staff, want: 200,
			has: []string{"ada@engines.example", "GB29NWBK60161331926819", "UTR 1815121027"}},
		{title: "another customer's data", method: "GET", path: ada, token: t.grace, want: 404, lacks: []string{"Lovelace"}},
		{title: "another customer's accounts", method: "GET", path: ada + "/accounts", token: t.grace, want: 403},
		{title: "another customer's account", method: "GET", path: "/accounts/AC00000001", token: t.grace, want: 404},
		{title: "change her name", method: "PATCH", path: ada, token: t.ada, kind: "application/json", body: `{"name":"Ada King"}`, want: 200, has: []string{"Ada King"}},
		{title: "change her own segment", method: "PATCH", path: ada, token: t.ada, kind: "application/json", body: `{"name":"Ada King","segment":"private"}`, want: 403, has: []string{"/segment"}, lacks: []string{"/name"}},
		{title: "the same by a clerk", method: "PATCH", path: ada, token: t.writer, kind: "application/json", body: `{"segment":"private"}`, want: 200, has: []string{`"segment":"private"`}},
		{title: "change another customer's name", method: "PATCH", path: ada, token: t.grace, kind: "application/json", body: `{"name":"Mallory"}`, want: 404},
	}
}

func inputRows(t tokens) []row {
	ada := "/customers/" + bank.Ada.String()
	patch := func(title, kind, body string, want int, has ...string) row {
		return row{title: title, method: "PATCH", path: ada, token: t.ada, kind: kind, body: body, want: want, has: has}
	}
	const json = "application/json"
	return []row{
		patch("another media type", "text/plain", `{"name":"Ada"}`, 415),
		patch("too long a body", json, `{"name":"`+strings.Repeat("a", 20<<10)+`"}`, 413),
		patch("too deep a body", json, `{"name":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`, 400),
		patch("broken JSON", json, `{"name":"Ada"`, 400),
		patch("a member twice", json, `{"name":"Ada","name":"Grace"}`, 400),
		patch("a second value after the body", json, `{"name":"Ada"} {}`, 400),
		patch("bytes that are not UTF-8", json, "{\"name\":\"\xff\"}", 400),
		patch("a member that nobody named", json, `{"name":"Ada","admin":true}`, 422, "/admin"),
		patch("a member that only the server sets", json, `{"createdAt":"2020-01-01T00:00:00Z"}`, 422, "/createdAt"),
		patch("two members that break their schema", json, `{"name":"","email":"nobody"}`, 422, "/name", "/email"),
		{title: "an id that is no uuid", method: "GET", path: "/customers/1", token: t.ada, want: 400},
		{title: "a limit out of range", method: "GET", path: ada + "/accounts?limit=1000", token: t.ada, want: 400},
		{title: "a limit twice", method: "GET", path: ada + "/accounts?limit=1&limit=2", token: t.ada, want: 400},
		{title: "accounts of two kinds", method: "GET", path: ada + "/accounts?kind=savings&kind=loan&limit=5", token: t.ada, want: 200, has: []string{"AC00000002"}, lacks: []string{"AC00000001"}},
	}
}

func transferRows(t tokens) []row {
	ada, grace := bank.Ada.String(), bank.Grace.String()
	post := func(title, token, orderedBy, to string, amount int, want int, has ...string) row {
		body := fmt.Sprintf(`{"orderedBy":%q,"from":"AC00000001","to":%s,"money":{"amount":%d,"currency":"EUR"}}`, orderedBy, to, amount)
		return row{title: title, method: "POST", path: "/transfers", token: token, kind: "application/json", body: body, want: want, has: has}
	}
	const inside = `{"kind":"internal","account":"AC00000002"}`
	const outside = `{"kind":"external","iban":"DE89370400440532013000","holder":"Alan"}`
	return []row{
		post("a transfer inside the bank", t.ada, ada, inside, 100, 201, `"kind":"internal"`),
		post("a transfer out of the bank", t.ada, ada, outside, 100, 201, `"kind":"external"`),
		post("a transfer that a clerk must see", t.ada, ada, outside, 6_000_000, 202, "RV000001"),
		post("a transfer of more than there is", t.ada, ada, inside, 4_000_000, 409),
		post("a transfer in another's name", t.ada, grace, inside, 100, 403),
		post("a transfer of nothing", t.ada, ada, inside, 0, 422, "/money/amount"),
		post("a transfer to a kind that does not exist", t.ada, ada, `{"kind":"cash"}`, 100, 422, "/to"),
		post("a transfer to a mixture of two kinds", t.ada, ada, `{"kind":"internal","account":"AC00000002","iban":"DE89370400440532013000"}`, 100, 422, "/to/iban"),
		{title: "transfers, too many in a row", method: "POST", path: "/transfers", token: t.grace, kind: "application/json", body: `{}`, want: 429, times: 12},
	}
}

// documentRows upload into folders of one's own and of others.
func documentRows(t tokens) ([]row, error) {
	ada, grace := bank.Ada.String(), bank.Grace.String()
	var rows []row
	var errs []error
	add := func(title, folder string, size, want int, has ...string) {
		body, kind, err := upload("Passport", folder, strings.Repeat("x", size))
		errs = append(errs, err)
		rows = append(rows, row{title: title, method: "POST", path: "/documents", token: t.ada, kind: kind, body: body, want: want, has: has})
	}
	add("upload a document", ada+"/passports", 900, 201, `"size":900`)
	add("upload into the folder that is shared", "shared/bank", 9, 201)
	add("upload into another's folder", grace+"/passports", 9, 403)
	add("upload into a folder whose name begins with hers", ada+"0", 9, 403)
	add("upload out of her folder", ada+"/../"+grace, 9, 403)
	add("upload too much", ada, 80<<10, 413)
	return rows, errors.Join(errs...)
}

// upload is a multipart body with a file.
func upload(title, folder, content string) (body, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err = errors.Join(w.WriteField("title", title), w.WriteField("folder", folder))
	f, e := w.CreateFormFile("file", "scan.png")
	if e == nil {
		_, e = io.WriteString(f, content)
	}
	err = errors.Join(err, e, w.Close())
	return b.String(), w.FormDataContentType(), err
}
