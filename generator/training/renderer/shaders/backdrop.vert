#version 330
in vec2 position;
out vec2 at;

void main() {
    at = position;
    gl_Position = vec4(position, 0.9999, 1.0);
}
