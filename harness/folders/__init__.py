"""Other tools' migration folders, each giving the same Design."""
