"""The intermediate representation: terms in SSA form and the tables of one module. It is data and imports nothing else of cardlint."""
