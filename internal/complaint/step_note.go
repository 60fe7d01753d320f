package complaint

// toNote adds words to the case (备注), at any stage.
var toNote = act{label: text("Note", "备注")}
