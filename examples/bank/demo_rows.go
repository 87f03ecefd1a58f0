package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
)

// script is the whole demonstration: every refusal of the pipeline, each scheme rightly and wrongly used, and the masked view against the
// clear one. Its rows are sent in this order, and some count on it: the last ones end what the others came with.
func script(b *instance) ([]row, error) {
	t, err := makeTokens(b)
	if err != nil {
		return nil, err
	}
	documents, err := documentRows(t)
	if err != nil {
		return nil, err
	}
	rows := slices.Concat(publicRows(), rateRows(t), identityRows(t), ownerRows(t), inputRows(t), transferRows(t), documents)
	for _, more := range []func(*instance, tokens) ([]row, error){holderRows, machineRows, programRows, webRows, endRows, issuerRows} {
		next, err := more(b, t)
		if err != nil {
			return nil, err
		}
		rows = append(rows, next...)
	}
	return rows, nil
}

func publicRows() []row {
	return []row{
		{title: "health, without a caller", method: "GET", path: "/health", want: 200, has: []string{`{"open":true}`}},
		{title: "an unknown path", method: "GET", path: "/admin.php", want: 404},
		{title: "a path with a trailing slash", method: "GET", path: "/health/", want: 404},
		{title: "a method nobody declared", method: "DELETE", path: "/health", want: 405},
		{title: "a parameter nobody declared", method: "GET", path: "/health?debug=1", want: 400},
		{title: "an operation that was left out", method: "GET", path: "/legacy/export", want: 404},
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
			header: map[string]string{"X-Reason": "curiosity"}, want: 401},
		{title: "the customers' issuer says that somebody is a clerk", method: "GET", path: "/admin/customers?name=ada", token: t.impostor,
			header: map[string]string{"X-Reason": "curiosity"}, want: 401},
		{title: "a clerk finds the customers of the branch", method: "GET", path: "/admin/customers?name=ace", token: t.clerk,
			header: map[string]string{"X-Reason": "a call from the customer"}, want: 200, has: []string{"Lovelace"}, lacks: []string{"Hopper"}},
		{title: "an auditor finds all of them", method: "GET", path: "/admin/customers?name=ace", token: t.auditor,
			header: map[string]string{"X-Reason": "the yearly audit"}, want: 200, has: []string{"Lovelace", "Hopper"}},
		{title: "staff without the role", method: "GET", path: "/admin/customers?name=ada", token: t.trainee,
			header: map[string]string{"X-Reason": "training"}, want: 403},
		{title: "a clerk with a password alone", method: "GET", path: "/admin/customers?name=ada", token: t.hasty,
			header: map[string]string{"X-Reason": "a call from the customer"}, want: 401, has: []string{`acr_values="mfa"`}},
	}
}

// rateRows ask for what everybody may know, and customers better.
func rateRows(t tokens) []row {
	return []row{
		{title: "the rates, without a caller", method: "GET", path: "/rates", want: 200, has: []string{"5.90"}},
		{title: "the rates for a customer", method: "GET", path: "/rates", token: t.ada, want: 200, has: []string{"4.90"}},
		{title: "the rates with a token that is not good", method: "GET", path: "/rates", token: t.expired, want: 401},
	}
}

func ownerRows(t tokens) []row {
	ada := "/customers/" + bank.Ada.String()
	return []row{
		{title: "her own data, masked", method: "GET", path: ada, token: t.ada, want: 200,
			has: []string{"a***@engines.example", "6819"}, lacks: []string{"ada@engines.example", "GB29NWBK", "taxNumber"}},
		{title: "the same for staff who may see it", method: "GET", path: ada, token: t.staff, want: 200,
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
	add := func(title, folder, branch string, size, want int, has ...string) {
		body, kind, err := upload("Passport", folder, branch, strings.Repeat("x", size))
		errs = append(errs, err)
		rows = append(rows, row{title: title, method: "POST", path: "/documents", token: t.ada, kind: kind, body: body, want: want, has: has})
	}
	add("upload a document", ada+"/passports", "7", 900, 201, `"size":900`)
	add("upload into the folder that her branch shares", "shared/bank", "7", 9, 201)
	add("the same in the name of another branch", "shared/bank", "9", 9, 403)
	add("upload into another's folder", grace+"/passports", "7", 9, 403)
	add("upload into a folder whose name begins with hers", ada+"0", "7", 9, 403)
	add("upload out of her folder", ada+"/../"+grace, "7", 9, 403)
	add("upload too much", ada, "7", 80<<10, 413)
	return rows, errors.Join(errs...)
}

// upload is a multipart body with a file.
func upload(title, folder, branch, content string) (body, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err = errors.Join(w.WriteField("title", title), w.WriteField("folder", folder), w.WriteField("branch", branch))
	f, e := w.CreateFormFile("file", "scan.png")
	if e == nil {
		_, e = io.WriteString(f, content)
	}
	err = errors.Join(err, e, w.Close())
	return b.String(), w.FormDataContentType(), err
}
