package operations

import (
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// mediaWord names the field of one of several media types, by its kind and by what tells it from others of the kind.
func mediaWord(m *openapi.Media) string {
	word := typeWord(m)
	_, params, _ := mime.ParseMediaType(m.Name)
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if name == "charset" {
			continue
		}
		word += " " + name
		if value := params[name]; len(value) <= 24 && !strings.ContainsAny(value, "/:") {
			word += " " + value
		}
	}
	return word
}

func typeWord(m *openapi.Media) string {
	switch m.Kind {
	case openapi.MediaJSON:
		if m.Type == "application/json" {
			return "JSON"
		}
	case openapi.MediaForm:
		return "form"
	case openapi.MediaMultipart:
		return "multipart"
	}
	main, sub, _ := strings.Cut(m.Type, "/")
	switch {
	case sub != "*":
		return sub
	case main != "*":
		return main
	}
	return "other"
}

// dynamic reports whether a status key leaves the status open.
func dynamic(status string) bool { return status == "default" || strings.HasSuffix(status, "XX") }

var rangeWords = map[string]string{"1XX": "Informational", "2XX": "Success", "3XX": "Redirection", "4XX": "ClientError", "5XX": "ServerError", "default": "Default"}

// statusWord names a status: Created, NotFound, ClientError, Status299.
func statusWord(status string) string {
	if w, ok := rangeWords[status]; ok {
		return w
	}
	if text := statusText(status); text != "" {
		return gosrc.Exported(strings.ReplaceAll(text, "'", "")).String()
	}
	return "Status" + status
}

func statusText(status string) string {
	n, err := strconv.Atoi(status)
	if err != nil {
		return rangeWords[status]
	}
	return http.StatusText(n)
}
