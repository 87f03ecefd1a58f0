package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
)

// schema is the table of keys in a database.
const schema = apikeysql.Schema

func (c *command) hashKey() *cobra.Command {
	cmd := &cobra.Command{
		Use: "hash-key FILE", Short: "Put a new hash key first in a file of them, which is made when missing", Args: cobra.ExactArgs(1),
		Long: "Hash-key draws 32 random bytes and puts them first in the file, under an id. The keys that are issued from now on are hashed with it. The secret is not printed.",
	}
	var id string
	cmd.Flags().StringVar(&id, "id", "", "the id of the hash key, such as 2026; required")
	_ = cmd.MarkFlagRequired("id")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		path := args[0]
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		ctx, stop := context.WithTimeout(cmd.Context(), 10*time.Second)
		defer stop()
		if ok, err := lock.TryLockContext(ctx, 20*time.Millisecond); !ok {
			return fmt.Errorf("%s.lock: another command holds the lock: %w", path, err)
		}
		defer lock.Unlock()
		var old []byte
		var info os.FileInfo
		if fileExists(path) {
			if _, err := apikey.HashKeyFile(path); err != nil {
				return err
			}
			var err error
			if old, err = os.ReadFile(path); err != nil {
				return err
			}
			if info, err = os.Stat(path); err != nil {
				return err
			}
		}
		secret := make([]byte, 32)
		rand.Read(secret) // never fails
		text := id + " " + base64.StdEncoding.EncodeToString(secret) + "\n" + string(old)
		if strings.ContainsAny(id, " \t\r\n") || strings.HasPrefix(id, "#") {
			return errors.New("the id of a hash key has no spaces and does not begin with #")
		}
		if _, err := apikey.ParseHashKeys(text); err != nil {
			return err
		}
		if err := replace(path, []byte(text), info); err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "hash key %s is first in %s\n", id, path)
		return nil
	}
	return cmd
}
