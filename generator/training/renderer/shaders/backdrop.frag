#version 330
in vec2 at;
out vec4 colour;

void main() {
    vec3 c = mix(vec3(0.135, 0.150, 0.170), vec3(0.265, 0.285, 0.310), clamp(0.5 - 0.45 * at.y, 0.0, 1.0)) * (1.0 - 0.14 * dot(at, at));
    colour = vec4(pow(c, vec3(1.0 / 2.2)), 1.0);
}
