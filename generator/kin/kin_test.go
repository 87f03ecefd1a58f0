package kin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/kin"
)

// write makes a folder with two files and returns it.
func write(document, other string) string {
	folder, err := os.MkdirTemp("", "kin")
	if err != nil {
		panic(err)
	}
	for name, text := range map[string]string{"api/openapi.yaml": document, "shared/user.yaml": other} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
	return folder
}

const document = `
openapi: 3.0.3
info: {title: Users, version: '1'}
paths:
  /users/{id}:
    get:
      operationId: getUser
      parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses:
        '200':
          description: the user
          content: {application/json: {schema: {$ref: '../shared/user.yaml'}}}
`

func ExampleLoad() {
	folder := write(document, "type: object\nproperties: {name: {type: string}}\n")
	defer os.RemoveAll(folder)
	view, err := kin.Load(filepath.Join(folder, "api", "openapi.yaml"), folder)
	if err != nil {
		fmt.Println(err)
		return
	}
	user := view.Paths.Value("/users/{id}").Get.Responses.Value("200").Value.Content["application/json"].Schema.Value
	for name := range user.Properties {
		fmt.Println(view.Info.Title, name)
	}
	// Output: Users name
}

// kin-openapi is not shown a file that the generator does not read.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	folder := write(document, "type: object\n")
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "api", "openapi.yaml")
	if _, err := kin.Load(path, ""); err == nil || !strings.HasPrefix(err.Error(), path+":12:") || !strings.Contains(err.Error(), "[ref-outside]") {
		t.Errorf("got %v, want ref-outside", err)
	}
	if _, err := kin.Load(path, filepath.Join(folder, "shared")); err == nil || !strings.Contains(err.Error(), "does not lie below") {
		t.Errorf("got %v", err)
	}
	if _, err := kin.Load(filepath.Join(folder, "none.yaml"), ""); err == nil {
		t.Error("no error for a file that is not there")
	}
}
