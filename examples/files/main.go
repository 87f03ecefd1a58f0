// Command files is an example of uploads and downloads: pictures go through to files, whatever
// their size, and come back under the name that they had.
//
//	go run ./examples/files
//	curl -F caption=sun -F 'picture=@sun.png;type=image/png' 127.0.0.1:8080/pictures
//	curl -OJ -H 'Accept: image/*' 127.0.0.1:8080/pictures/ID
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/examples/files/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/harden"
)

func main() {
	dir, err := os.MkdirTemp("", "pictures-")
	check(err)
	server, err := api.NewServer(&pictures{dir: dir, known: map[uuid.UUID]known{}}, api.Config{})
	check(err)
	hardened, err := harden.New(harden.Config{Handler: server})
	check(err)
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	check(err)
	log.Print("pictures are kept in ", dir)
	check(hardened.Serve(context.Background(), listener))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// known is what is known of a picture beside its content.
type known struct {
	api.Picture
	kind string
}

// pictures keeps each picture in a file that is named after its id: never after what the client
// calls it.
type pictures struct {
	dir   string
	mu    sync.Mutex
	known map[uuid.UUID]known
}

// AddPicture is called with a picture of a length and a type that the document allows. What it
// really is, it looks up in the content.
func (p *pictures) AddPicture(_ context.Context, req *api.AddPictureRequest) (*api.Picture, error) {
	file := req.Body.Picture
	content := file.Open()
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	kind := http.DetectContentType(head[:n])
	if !strings.HasPrefix(kind, "image/") || kind != file.ContentType {
		return nil, &api.AddPictureUnsupportedMediaType{Body: api.Problem{Title: "The picture is not what it says that it is."}}
	}
	id := uuid.New()
	out, err := os.OpenFile(p.path(id), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(out, file.Open()); err != nil {
		out.Close()
		return nil, err
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	picture := api.Picture{ID: id, Name: file.Name, Caption: req.Body.Caption, Size: file.Size()}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[id] = known{picture, kind}
	return &picture, nil
}

// GetPicture answers with what the request's Accept has chosen.
func (p *pictures) GetPicture(_ context.Context, req *api.GetPictureRequest) (api.GetPictureResult, error) {
	p.mu.Lock()
	k, ok := p.known[req.ID]
	p.mu.Unlock()
	fits := req.Accept == "application/json" || req.Accept == "image/*" || req.Accept == k.kind
	if !ok || !fits {
		return nil, &api.GetPictureNotFound{Body: api.Problem{Title: "There is no such picture."}}
	}
	if req.Accept == "application/json" {
		return &api.GetPictureOK{Body: k.Picture}, nil
	}
	content, err := os.Open(p.path(req.ID)) // closed by the server
	if err != nil {
		return nil, err
	}
	return &api.GetPictureOKImage{ContentType: k.kind, ContentDisposition: runtime.Some(runtime.Attachment(k.Name)), Body: content}, nil
}

func (p *pictures) path(id uuid.UUID) string { return filepath.Join(p.dir, id.String()) }
