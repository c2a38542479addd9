"""Tools of the repository: they write the generated pages and build the site. They are no part of the package."""
