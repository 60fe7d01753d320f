package rulebook

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store/published"
	"recourse/internal/yamlfile"
)

// Folder is a folder of files that are laid out as procedures/ is: <id>.yaml is a procedure,
// calendars/<id>.yaml a calendar, directories/<id>.yaml the people of the procedure of that ID. Any
// of them may be missing where another folder has it, or it is in force.
type Folder struct {
	fs.FS
	// Name stands before the names of its files in what is said of them; empty for none.
	Name string
}

// FolderAt is a folder of this machine.
func FolderAt(name string) (Folder, error) {
	name = filepath.Clean(name)
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		return Folder{}, fmt.Errorf("there is no folder %s", name)
	case err != nil:
		return Folder{}, fmt.Errorf("look for the folder: %w", err)
	case !info.IsDir():
		return Folder{}, fmt.Errorf("%s is a file; name the folder in which it lies, laid out as %s", name, layout(""))
	}
	return Folder{FS: os.DirFS(name), Name: filepath.ToSlash(name)}, nil
}

// folders are where files of each kind lie in a Folder.
var folders = map[published.Kind]string{published.Procedure: ".", published.Calendar: "calendars", published.Directory: "directories"}

// kinds are in the order in which files are checked and published: procedures need the others.
var kinds = []published.Kind{published.Calendar, published.Directory, published.Procedure}

func layout(folder string) string {
	return path.Join(folder, "<id>.yaml (a procedure), ") + path.Join(folder, "calendars/<id>.yaml, ") + path.Join(folder, "directories/<id>.yaml (its people)")
}

// File is a file of a folder that can be published.
type File struct {
	Kind published.Kind
	ID   string
	Name string // with its folder
	Text []byte
}

// find are the files of folders. One of a later folder stands in the place of an earlier one's. The
// error is what of them can't be read.
func find(all []Folder) ([]File, error) {
	var wrong []error
	found := map[string]File{} // by kind and ID
	for _, folder := range all {
		files, err := folder.files()
		if err == nil && len(files) == 0 {
			err = fmt.Errorf("the folder %s holds no procedure, no calendar and no people; lay it out as %s", cmp.Or(folder.Name, "."), layout(folder.Name))
		}
		wrong = append(wrong, err)
		for _, file := range files {
			found[string(file.Kind)+"/"+file.ID] = file
		}
	}
	return slices.SortedFunc(maps.Values(found), inOrder), errors.Join(wrong...)
}

func inOrder(a, b File) int {
	return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), strings.Compare(a.Name, b.Name))
}

func (f Folder) files() ([]File, error) {
	var files []File
	var wrong []error
	for _, kind := range kinds {
		entries, err := fs.ReadDir(f, folders[kind])
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			wrong = append(wrong, fmt.Errorf("read the folder %s: %w", path.Join(f.Name, folders[kind]), err))
		}
		for _, entry := range entries {
			name := path.Join(folders[kind], entry.Name())
			shown := path.Join(f.Name, name)
			if as, short := strings.CutSuffix(shown, ".yml"); short {
				wrong = append(wrong, fmt.Errorf("%s isn't read; call it %s.yaml", shown, as))
			}
			id, isYAML := strings.CutSuffix(entry.Name(), ".yaml")
			if !isYAML || entry.IsDir() {
				continue
			}
			text, err := fs.ReadFile(f, name)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("read the file %s: %w", shown, err))
				continue
			}
			files = append(files, File{Kind: kind, ID: id, Name: shown, Text: text})
		}
	}
	return files, errors.Join(wrong...)
}

// marks are the first key of each kind of file, by which one that lies in the wrong folder is
// known.
var marks = map[published.Kind]*regexp.Regexp{
	published.Procedure: regexp.MustCompile(`(?m)^procedure:`),
	published.Calendar:  regexp.MustCompile(`(?m)^calendar:`),
	published.Directory: regexp.MustCompile(`(?m)^organisation:`),
}

// misplaced says of a file that holds another kind of document where that lies.
func (f File) misplaced() (problem yamlfile.Problem, is bool) {
	if marks[f.Kind].Match(f.Text) {
		return problem, false
	}
	for _, kind := range kinds {
		// A procedure names its calendar, too.
		if kind == f.Kind || !marks[kind].Match(f.Text) || kind == published.Calendar && marks[published.Procedure].Match(f.Text) {
			continue
		}
		return f.problem(kind, "this is a %s; move the file to %s", kind, f.beside(kind)), true
	}
	return problem, false
}

// called says of a file that it holds a document of another ID than it is called.
func (f File) called(id string) yamlfile.Problems {
	if id == "" || id == f.ID {
		return nil
	}
	return yamlfile.Problems{f.problem(f.Kind, "the file is called %s.yaml and holds %q; call it %s.yaml, or write %s here", f.ID, id, id, f.ID)}
}

// problem is one at the key that marks a kind.
func (f File) problem(kind published.Kind, format string, args ...any) yamlfile.Problem {
	return f.problemAt(marks[kind], format, args...)
}

// problemAt is one at the first line that matches.
func (f File) problemAt(line *regexp.Regexp, format string, args ...any) yamlfile.Problem {
	problem := yamlfile.Problem{File: f.Name, Line: 1, Column: 1, Message: fmt.Sprintf(format, args...)}
	if at := line.FindIndex(f.Text); at != nil {
		problem.Line += bytes.Count(f.Text[:at[0]], []byte("\n"))
		problem.Column += len(f.Text[at[0]:at[1]]) - len(bytes.TrimLeft(f.Text[at[0]:at[1]], " \t"))
	}
	return problem
}

// beside is where a file of another kind and the same ID would lie.
func (f File) beside(kind published.Kind) string {
	return path.Join(strings.TrimSuffix(f.Name, path.Join(folders[f.Kind], f.ID+".yaml")), folders[kind], f.ID+".yaml")
}

// Read is the edition of files instead of what is published. All of them have version 1. The error
// is everything that is wrong with any of them, each with its file and folder, line and column.
func Read(files fs.FS) (*Edition, error) {
	read, _, err := (&Edition{}).With(Folder{FS: files})
	return read, err
}

// With is this edition with the files of folders beside it, and in the place of what they replace;
// the files are in the order in which they are published. The error is everything that is wrong
// with any of them, or with what of this edition goes by them.
func (e *Edition) With(folders ...Folder) (*Edition, []File, error) {
	files, wrong := find(folders)
	with, err := e.WithFiles(files...)
	if err = errors.Join(wrong, err); err == nil {
		err = with.peopleWithoutProcedure(files)
	}
	if err != nil {
		return nil, nil, err
	}
	return with, files, nil
}

// WithFiles is this edition with some files beside it, and in the place of what they replace. They
// are in the order of their kinds: calendars, people, procedures. They have the version 1. The
// error is everything that is wrong, of type [yamlfile.Problems].
func (e *Edition) WithFiles(files ...File) (*Edition, error) {
	with := &Edition{procedures: copied(e.procedures), calendars: copied(e.calendars), directories: copied(e.directories)}
	own := map[string]*directory.Directory{}
	var wrong yamlfile.Problems
	for _, file := range files {
		if misplaced, is := file.misplaced(); is {
			wrong = append(wrong, misplaced)
			continue
		}
		id, problem := "", error(nil)
		switch file.Kind {
		case published.Calendar:
			read, err := calendar.Parse(file.Name, file.Text)
			if problem = err; read != nil {
				id, read = read.ID(), read.WithVersion(1)
			}
			with.calendars[file.ID] = read // also one that can't be read: it is there
		case published.Directory:
			read, err := directory.Parse(file.Name, file.Text)
			if problem = err; read != nil {
				id, own[file.ID] = read.Organisation, read
			}
			with.directories[file.ID] = read
		case published.Procedure:
			read, err := procedure.ParseBeside(file.Name, file.Text, with.calendars, with.directories[file.ID])
			if problem = err; read != nil {
				id, read.Version = read.ID, 1
			}
			with.procedures[file.ID] = read
			if _, there := with.directories[file.ID]; !there {
				wrong = append(wrong, file.problem(file.Kind, "the procedure has no people; write them into %s", file.beside(published.Directory)))
			}
		}
		wrong = append(wrong, file.called(id)...)
		wrong = append(wrong, problemsOf(problem)...)
	}
	wrong = append(wrong, with.checkKept(files)...)
	wrong = append(wrong, sharedPeople(files, own)...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	with.home, _ = directory.Homes(own) // no error: nobody is shared
	return with, nil
}

// Fits compares an edition into which files were put with this one, which is in force: each number
// and each person belongs to one organisation. The error is of type [yamlfile.Problems].
func (e *Edition) Fits(with *Edition, files []File) error {
	var wrong yamlfile.Problems
	for _, file := range files {
		if file.Kind != published.Procedure {
			continue
		}
		others := maps.Clone(with.procedures)
		if delete(others, file.ID); e.procedures[file.ID] != nil {
			others[file.ID] = e.procedures[file.ID]
		}
		wrong = append(wrong, problemsOf(with.procedures[file.ID].CheckNumbers(others))...)
	}
	if wrong = append(wrong, sharedPeople(files, with.directories)...); len(wrong) > 0 {
		return wrong
	}
	return nil
}

// sharedPeople finds people of the files who are in another organisation's directory, too.
func sharedPeople(files []File, among map[string]*directory.Directory) yamlfile.Problems {
	var wrong yamlfile.Problems
	for _, file := range files {
		own := among[file.ID]
		if file.Kind != published.Directory || own == nil {
			continue
		}
		for _, other := range slices.Sorted(maps.Keys(among)) {
			if other == file.ID || among[other] == nil {
				continue
			}
			for _, person := range slices.Sorted(maps.Keys(own.People)) {
				if _, shared := among[other].People[person]; shared {
					at := regexp.MustCompile(`(?m)^[ \t]+["']?` + string(person) + `["']?:`)
					wrong = append(wrong, file.problemAt(at, "the person %q is in the directory of %q, too; give one of them another ID", person, other))
				}
			}
		}
	}
	return wrong
}

func copied[T any](all map[string]*T) map[string]*T {
	if all == nil {
		return map[string]*T{}
	}
	return maps.Clone(all)
}

func problemsOf(err error) yamlfile.Problems {
	problems, _ := errors.AsType[yamlfile.Problems](err)
	return problems
}

// checkKept checks the procedures that stay as they were and whose people a file replaces.
func (e *Edition) checkKept(files []File) yamlfile.Problems {
	var wrong yamlfile.Problems
	for _, file := range files {
		kept, there := e.procedures[file.ID]
		if people := e.directories[file.ID]; file.Kind == published.Directory && there && people != nil && !holds(files, published.Procedure, file.ID) {
			wrong = append(wrong, problemsOf(kept.Check(e.calendars, people))...)
		}
	}
	return wrong
}

// peopleWithoutProcedure are those of the files whose procedure is missing.
func (e *Edition) peopleWithoutProcedure(files []File) error {
	var wrong yamlfile.Problems
	for _, file := range files {
		if file.Kind == published.Directory && e.procedures[file.ID] == nil {
			wrong = append(wrong, file.problem(file.Kind, "these people have no procedure; write it into %s", file.beside(published.Procedure)))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

func holds(files []File, kind published.Kind, id string) bool {
	return slices.ContainsFunc(files, func(f File) bool { return f.Kind == kind && f.ID == id })
}

// ReadRules reads one procedure with its calendar and its people, from files that are laid out as
// a Folder's. They are the caller's own and may be altered.
func ReadRules(files fs.FS, id string) (plan.Rules, error) {
	edition, err := Read(files)
	if err != nil {
		return plan.Rules{}, err
	}
	p, known := edition.Procedure(id)
	if !known {
		return plan.Rules{}, fmt.Errorf("there is no procedure %q; %s", id, yamlfile.Instead(id, slices.Sorted(maps.Keys(edition.procedures))))
	}
	return edition.Rules(p)
}
