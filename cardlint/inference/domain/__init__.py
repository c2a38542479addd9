"""The values of the inference: value sets, abstract objects, frames. Imports no other part of it."""
