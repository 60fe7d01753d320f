package rulebook

// FitWith lets tests compare files with what is in force, without publishing them.
var FitWith = Files.fitWith
