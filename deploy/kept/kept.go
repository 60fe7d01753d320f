// Package kept writes the small files that the local stack makes once and keeps from run to run:
// keys and passwords.
package kept

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Write puts the content into the file, readable by its owner only, whole or not at all: a full
// disk or a power cut leaves no half of a key that the next run would keep.
func Write(path string, content []byte) (err error) {
	aside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(aside.Name()))
		}
	}()
	_, err = aside.Write(content)
	if err == nil {
		err = aside.Sync()
	}
	if err := errors.Join(err, aside.Close()); err != nil {
		return err
	}
	return os.Rename(aside.Name(), path)
}
