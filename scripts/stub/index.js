// Importers read names from it when they load; none of them is ever called.
module.exports = {};
