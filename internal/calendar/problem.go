package calendar

import "recourse/internal/yamlfile"

// Problem is one mistake in a calendar file: where it is, what is wrong, and what to write instead.
type Problem = yamlfile.Problem

// Problems are all mistakes found in one file, in the order of the file. Never empty when returned as an error.
type Problems = yamlfile.Problems
