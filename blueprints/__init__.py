"""The bundled blueprints, one YAML file each, and the blocks that they share."""
