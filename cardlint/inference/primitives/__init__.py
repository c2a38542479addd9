"""Operations that many handlers share: class graph, argument binding, collections, Enums, metric classes."""
