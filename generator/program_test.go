package generator_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stubProgram is the program around generated packages: it prints the address of each
// server, and ends when its input does. Its verbs are imports, calls of serve, and declarations.
const stubProgram = `package main

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/bailey-go/bailey/runtime"
%s)

func main() {
%s	_, _ = io.Copy(io.Discard, os.Stdin)
}

func serve[H http.Handler](h H, err error) {
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	go func() { log.Fatal(http.Serve(l, h)) }()
}

%s`

// stubServer is a call of serve in stubProgram, for a package and a handler.
func stubServer(pkg, handler string) string {
	return fmt.Sprintf("\tserve(%[1]s.NewServer(%[2]s, %[1]s.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}}))\n", pkg, handler)
}

// startProgram compiles stubProgram with its parts below root, the folder of module, and starts
// it. It returns the addresses of the servers, a line each.
func startProgram(t *testing.T, root, imports, servers, declarations string) *bufio.Scanner {
	t.Helper()
	text := fmt.Sprintf(stubProgram, imports, servers, declarations)
	if err := os.WriteFile(filepath.Join(root, "main.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(root, "program")
	cmd := exec.Command("go", "build", "-mod=mod", "-o", program, ".")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("generated code does not compile: %v\n%s", err, out)
	}
	t.Logf("the program compiled in %v", time.Since(start).Round(time.Millisecond))
	return run(t, program)
}

// nextServer returns the URL of the next server of a started program.
func nextServer(t *testing.T, addresses *bufio.Scanner) string {
	t.Helper()
	if !addresses.Scan() {
		t.Fatalf("the program ended before it served: %v", addresses.Err())
	}
	return "http://" + addresses.Text()
}

// run starts the program and returns the lines that it prints.
func run(t *testing.T, program string) *bufio.Scanner {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("the program did not end well: %v", err)
		}
	})
	return bufio.NewScanner(out)
}

// postText sends a body, and returns the status and the text of the answer.
func postText(t *testing.T, url, body string) (status int, text string) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}

// sendJSON sends a request, with a JSON body where there is one.
func sendJSON(s http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
